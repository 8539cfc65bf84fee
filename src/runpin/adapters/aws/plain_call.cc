#include "runpin/adapters/aws/plain_call.h"

#include <fmt/format.h>

#include "runpin/adapters/aws/aws_endpoint.h"
#include "runpin/adapters/aws/backoff.h"
#include "runpin/adapters/aws/retry_rules.h"

namespace runpin {

Result<HttpResponse> call_plainly(HttpTransport& transport, const RetryWorld& world,
                                  const PlainCall& call) {
  Backoff backoff(world, call.policy);
  for (;;) {
    HttpLimits limits = call.limits;
    limits.connect = std::min(limits.connect, backoff.left());
    limits.total = std::min(limits.total, backoff.left());
    auto answer = transport.send(call.request, limits);
    const bool transient =
        answer ? is_transient(*answer) : answer.error().kind == ErrorKind::k_unavailable;
    if (!transient) return answer;
    if (backoff.wait()) continue;
    if (!answer) return answer;
    return fail(ErrorKind::k_unavailable, fmt::format("the answer is HTTP {}", answer->status),
                call.request.host, "try again later");
  }
}

Result<HttpRequest> request_for(const std::string& url, const std::string& where) {
  const auto question = url.find('?');
  const auto endpoint = parse_endpoint({url.substr(0, question), where});
  if (!endpoint) return tl::unexpected(endpoint.error());
  HttpRequest request = request_to(*endpoint, "GET", "");
  if (request.path.empty()) request.path.push_back('/');
  if (question == std::string::npos) return request;
  std::string_view rest = std::string_view(url).substr(question + 1);
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    const auto equals = std::min(pair.find('='), pair.size());
    const auto name = percent_decode(pair.substr(0, equals));
    const auto value = percent_decode(pair.substr(std::min(equals + 1, pair.size())));
    if (!name || !value)
      return fail(ErrorKind::k_config, "expected an address, found one whose query is not valid",
                  where);
    request.query.emplace_back(*name, *value);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return request;
}

}  // namespace runpin
