// The steps of Signature Version 4, each with the name that AWS gives it.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "runpin/adapters/aws/signer.h"

namespace runpin {

// The path of a canonical request from the path on the wire: as it is for service "s3"; for all
// others dot segments and double slashes go, and the rest is encoded once more.
std::string canonical_path(std::string_view wire_path, std::string_view service);

struct CanonicalRequest {
  std::string method;
  std::string path;                            // canonical_path()
  std::string query;                           // percent_encode_query()
  std::map<std::string, std::string> headers;  // those to be signed, by lower-case name
  std::string payload_sha256;

  std::string signed_headers() const;  // "host;x-amz-date"
  std::string text() const;
};

// "20150830/us-east-1/service/aws4_request"
std::string credential_scope(const SigningScope& scope, const Instant& now);

std::string string_to_sign(const CanonicalRequest& request, const SigningScope& scope,
                           const Instant& now);

// 64 hex digits.
std::string signature_of(std::string_view text_to_sign, std::string_view secret_access_key,
                         const SigningScope& scope, const Instant& now);

}  // namespace runpin
