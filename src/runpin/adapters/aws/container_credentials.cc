// Credentials that a container's host offers: ECS tasks, EKS pod identities, and their like.
// Source: docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
#include <arpa/inet.h>
#include <fmt/format.h>

#include "runpin/adapters/aws/credential_sources.h"
#include "runpin/adapters/aws/json_credentials.h"
#include "runpin/adapters/aws/plain_call.h"

namespace runpin {
namespace {

constexpr const char* k_relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr const char* k_full = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

std::string without_port(const std::string& host) {
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.find(':'));
}

// Without TLS, credentials may come only from this machine or its host.
bool is_trusted_without_tls(const std::string& authority) {
  const std::string host = without_port(authority);
  in_addr four{};
  if (inet_pton(AF_INET, host.c_str(), &four) == 1 && (ntohl(four.s_addr) >> 24) == 127)
    return true;
  in6_addr six{};
  if (inet_pton(AF_INET6, host.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six)) return true;
  return host == "localhost" || host == "169.254.170.2" || host == "169.254.170.23" ||
         host == "fd00:ec2::23";
}

Result<HttpRequest> request_of(const CredentialSearch& search) {
  if (const auto relative = search.outside.environment(k_relative))
    return request_for("http://169.254.170.2" + *relative, k_relative);
  auto request = request_for(search.outside.environment(k_full).value_or(""), k_full);
  if (request && request->scheme == "http" && !is_trusted_without_tls(request->host))
    return fail(ErrorKind::k_config,
                "expected https, or an address of this machine or its container host", k_full,
                "use https for credentials from another host");
  return request;
}

Result<std::string> authorization(const CredentialSearch& search) {
  constexpr const char* k_file = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
  const auto& variable = search.outside.environment;
  std::string token = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN").value_or("");
  if (const auto file = variable(k_file)) {
    auto text = search.outside.read_file(*file);
    if (!text)
      return fail(ErrorKind::k_config, "the container's token file cannot be read", k_file,
                  "name a readable file that holds the token");
    token = std::move(*text);
    while (token.ends_with('\n') || token.ends_with('\r')) token.pop_back();
  }
  if (token.find_first_of("\r\n") != std::string::npos)
    return fail(ErrorKind::k_config, "expected a token of one line", k_file);
  return token;
}

}  // namespace

Result<FoundCredentials> credentials_of_container(const CredentialSearch& search, const Instant&) {
  const auto& variable = search.outside.environment;
  if (!variable(k_relative) && !variable(k_full))
    return FoundCredentials{{}, fmt::format("{} is not set", k_relative)};
  auto request = request_of(search);
  if (!request) return tl::unexpected(request.error());
  const auto token = authorization(search);
  if (!token) return tl::unexpected(token.error());
  if (!token->empty()) request->headers["authorization"] = *token;
  request->headers["accept"] = "application/json";
  request->headers["host"] = request->host;
  HttpLimits limits;
  limits.connect = std::chrono::milliseconds(2000);
  limits.total = std::chrono::milliseconds(4000);
  HttpTransport& transport = request->scheme == "https" ? search.web : search.metadata;
  const auto answer = call_plainly(transport, search.world, {*request, limits, {}});
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status != 200)
    return fail(
        ErrorKind::k_denied,
        fmt::format("the container's credentials were refused with HTTP {}", answer->status),
        "container credentials", "check the task's or pod's role");
  const auto made = parse_json_credentials(answer->body, "Token");
  if (!made)
    return fail(ErrorKind::k_malformed,
                "the container's credentials cannot be used: " + made.error(),
                "container credentials");
  return FoundCredentials{*made, "from the container's host"};
}

}  // namespace runpin
