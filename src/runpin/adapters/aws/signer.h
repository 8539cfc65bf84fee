// AWS Signature Version 4, as a pure function of request, credentials and instant.
// Source: docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include <optional>
#include <string>

#include "runpin/adapters/aws/http.h"
#include "runpin/base/instant.h"

namespace runpin {

struct AwsCredentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;          // "" for long-lived keys
  std::optional<Instant> expires_at;  // absent: they do not expire
};

struct SigningScope {
  std::string region;   // "eu-west-2"
  std::string service;  // "s3", "states", "ce", "sts"
};

// The request with host, x-amz-date, x-amz-security-token (where there is one),
// x-amz-content-sha256 (service "s3") and authorization added. S3's path rules apply for service
// "s3": the path is encoded once and never normalised; for all others it is normalised and encoded
// twice.
HttpRequest sign(HttpRequest request, const AwsCredentials& credentials, const SigningScope& scope,
                 const Instant& now);

}  // namespace runpin
