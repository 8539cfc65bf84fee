#include "runpin/adapters/aws/signer.h"

#include <array>

#include "runpin/adapters/aws/signer_steps.h"
#include "runpin/canon/digest.h"

namespace runpin {
namespace {

// Proxies and HTTP libraries may change these on the way, so that they are not signed.
bool is_signed(const std::string& name) {
  constexpr std::array<std::string_view, 14> k_unsigned{
      "baggage",    "connection",         "expect",
      "keep-alive", "proxy-authenticate", "proxy-authorization",
      "te",         "traceparent",        "tracestate",
      "trailer",    "transfer-encoding",  "upgrade",
      "user-agent", "x-amzn-trace-id"};
  for (const std::string_view other : k_unsigned)
    if (name == other) return false;
  return true;
}

void add_headers(HttpRequest& request, const AwsCredentials& credentials, const SigningScope& scope,
                 const std::string& payload_sha256, const Instant& now) {
  request.headers.erase("authorization");
  request.headers["host"] = request.host;
  request.headers["x-amz-date"] = now.stamp();
  if (!credentials.session_token.empty())
    request.headers["x-amz-security-token"] = credentials.session_token;
  if (scope.service == "s3") request.headers["x-amz-content-sha256"] = payload_sha256;
}

CanonicalRequest canonical(const HttpRequest& request, const SigningScope& scope,
                           std::string payload_sha256) {
  CanonicalRequest result;
  result.method = request.method;
  result.path = canonical_path(percent_encode(request.path, true), scope.service);
  result.query = percent_encode_query(request.query);
  for (const auto& header : request.headers)
    if (is_signed(header.first)) result.headers.insert(header);
  result.payload_sha256 = std::move(payload_sha256);
  return result;
}

}  // namespace

HttpRequest sign(HttpRequest request, const AwsCredentials& credentials, const SigningScope& scope,
                 const Instant& now) {
  const std::string payload_sha256 = sha256(request.body).str();
  add_headers(request, credentials, scope, payload_sha256, now);
  const CanonicalRequest to_sign = canonical(request, scope, payload_sha256);
  request.headers["authorization"] =
      "AWS4-HMAC-SHA256 Credential=" + credentials.access_key_id + "/" +
      credential_scope(scope, now) + ", SignedHeaders=" + to_sign.signed_headers() +
      ", Signature=" +
      signature_of(string_to_sign(to_sign, scope, now), credentials.secret_access_key, scope, now);
  return request;
}

}  // namespace runpin
