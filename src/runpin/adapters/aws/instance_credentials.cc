// The role of an EC2 instance, by the instance metadata service, version 2 only.
// Source: docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html
#include <fmt/format.h>

#include "runpin/adapters/aws/credential_sources.h"
#include "runpin/adapters/aws/json_credentials.h"
#include "runpin/adapters/aws/plain_call.h"

namespace runpin {
namespace {

constexpr std::string_view k_roles = "/latest/meta-data/iam/security-credentials/";
constexpr const char* k_where = "EC2 instance metadata";

// Off an instance nothing answers, which must not hold up a run: one attempt, and soon over.
PlainCall short_call(HttpRequest request) {
  PlainCall call{std::move(request), {}, {}};
  call.limits.connect = std::chrono::milliseconds(1000);
  call.limits.total = std::chrono::milliseconds(1000);
  call.policy.max_attempts = 1;
  return call;
}

Result<HttpRequest> endpoint_of(const CredentialSearch& search) {
  const auto& variable = search.outside.environment;
  const bool six = variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE").value_or("") == "IPv6";
  return request_for(variable("AWS_EC2_METADATA_SERVICE_ENDPOINT")
                         .value_or(six ? "http://[fd00:ec2::254]" : "http://169.254.169.254"),
                     "AWS_EC2_METADATA_SERVICE_ENDPOINT");
}

class Metadata {
 public:
  Metadata(const CredentialSearch& search, HttpRequest endpoint)
      : search_(search), endpoint_(std::move(endpoint)) {
    if (endpoint_.path == "/") endpoint_.path.clear();
  }

  Result<HttpResponse> open() {
    HttpRequest request = to("PUT", "/latest/api/token");
    request.headers["x-aws-ec2-metadata-token-ttl-seconds"] = "21600";
    auto answer = call_plainly(search_.metadata, search_.world, short_call(std::move(request)));
    if (answer && answer->status == 200) token_ = answer->body;
    return answer;
  }

  Result<HttpResponse> get(const std::string& path) {
    HttpRequest request = to("GET", path);
    request.headers["x-aws-ec2-metadata-token"] = token_;
    return call_plainly(search_.metadata, search_.world, short_call(std::move(request)));
  }

 private:
  HttpRequest to(std::string method, const std::string& path) const {
    HttpRequest request = endpoint_;
    request.method = std::move(method);
    request.path += path;
    request.headers["host"] = request.host;
    return request;
  }

  const CredentialSearch& search_;
  HttpRequest endpoint_;
  std::string token_;
};

FoundCredentials none(std::string note) {
  return {{}, std::move(note)};
}

Result<FoundCredentials> read_role(Metadata& metadata) {
  const auto roles = metadata.get(std::string(k_roles));
  if (!roles) return tl::unexpected(roles.error());
  const std::string role = roles->body.substr(0, roles->body.find_first_of("\r\n"));
  if (roles->status != 200 || role.empty()) return none("the instance has no role");
  const auto answer = metadata.get(std::string(k_roles) + role);
  if (!answer) return tl::unexpected(answer.error());
  const auto made = parse_json_credentials(answer->body, "Token");
  if (answer->status != 200 || !made)
    return fail(ErrorKind::k_unavailable,
                fmt::format("the credentials of the instance's role cannot be used: {}",
                            made ? fmt::format("HTTP {}", answer->status) : made.error()),
                k_where, "check the instance profile's role");
  return FoundCredentials{*made, fmt::format("for the instance's role {}", role)};
}

}  // namespace

Result<FoundCredentials> credentials_of_instance(const CredentialSearch& search, const Instant&) {
  if (search.outside.environment("AWS_EC2_METADATA_DISABLED").value_or("") == "true")
    return none("AWS_EC2_METADATA_DISABLED is set");
  auto endpoint = endpoint_of(search);
  if (!endpoint) return tl::unexpected(endpoint.error());
  Metadata metadata(search, std::move(*endpoint));
  const auto opened = metadata.open();
  if (!opened) return none("no metadata service answers");
  if (opened->status != 200)
    return none(fmt::format("the metadata service refused with HTTP {}", opened->status));
  return read_role(metadata);
}

}  // namespace runpin
