#include "runpin/adapters/aws/aws_client.h"

#include <fmt/format.h>

#include <algorithm>

#include "runpin/adapters/aws/backoff.h"
#include "runpin/adapters/aws/retry_rules.h"

namespace runpin {
namespace {

std::string described(const AwsCall& call, const HttpResponse& response) {
  return fmt::format("{} answered {} with {}", call.scope.service, call.request.method,
                     shown_answer(response.status, service_error_of(response)));
}

tl::unexpected<Error> unavailable(const AwsCall& call, const HttpResponse& response) {
  return fail(ErrorKind::k_unavailable, described(call, response), call.request.host,
              "try again later");
}

}  // namespace

// One exchange: the transport's answer or error, and what is known of its effect.
struct AwsClient::Attempt {
  Result<HttpResponse> answer;
  Instant local_time;
  std::int64_t signed_ahead_seconds = 0;
  bool sent = false;

  bool may_be_repeated(Repeatable repeatable) const {
    if (!answer && answer.error().kind != ErrorKind::k_unavailable) return false;
    return repeatable == Repeatable::k_yes || !sent;
  }
};

AwsClient::AwsClient(HttpTransport& transport, CredentialSource& credentials, RetryWorld world,
                     RetryPolicy policy)
    : transport_(transport), credentials_(credentials), world_(std::move(world)), policy_(policy) {}

Result<AwsClient::Attempt> AwsClient::attempt(const AwsCall& call, std::chrono::milliseconds left) {
  const Instant local_time = world_.now();
  const std::int64_t ahead = server_ahead_seconds_;
  const Instant server_time = Instant::from_unix_seconds(local_time.unix_seconds() + ahead);
  auto credentials = credentials_.get(local_time);
  if (!credentials) return tl::unexpected(credentials.error());
  HttpLimits limits = policy_.limits;
  limits.connect = std::min(limits.connect, left);
  limits.total = std::min(limits.total, left);
  bool sent = true;
  auto answer =
      transport_.send(sign(call.request, *credentials, call.scope, server_time), limits, &sent);
  return Attempt{std::move(answer), local_time, ahead, sent};
}

bool AwsClient::corrects_clock(const Attempt& made) {
  const auto ahead = clock_skew_of(*made.answer, made.local_time);
  if (!ahead || *ahead == made.signed_ahead_seconds) return false;
  world_.log(fmt::format("the server's clock differs by {} s; signing again for its time", *ahead));
  server_ahead_seconds_ = *ahead;
  return true;
}

Result<AwsAnswer> AwsClient::call(const AwsCall& call) {
  Backoff backoff(world_, policy_);
  bool clock_corrected = false;
  for (;;) {
    auto made = attempt(call, backoff.left());
    if (!made) return tl::unexpected(made.error());
    const auto& answer = made->answer;
    if (answer && !is_transient(*answer)) {
      if (clock_corrected || !corrects_clock(*made)) return AwsAnswer{*answer};
      clock_corrected = true;
      continue;
    }
    const auto failure = answer ? unavailable(call, *answer) : tl::unexpected(answer.error());
    if (!made->may_be_repeated(call.repeatable)) return failure;
    world_.log("will be tried again: " + one_line(failure.value()));
    if (!backoff.wait()) return failure;
  }
}

}  // namespace runpin
