// Temporary credentials of AWS STS: requests and answers as values.
// Source: docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html and
// API_AssumeRoleWithWebIdentity.html
#pragma once

#include <string>

#include "runpin/adapters/aws/aws_endpoint.h"
#include "runpin/adapters/aws/parsed.h"

namespace runpin {

struct RoleToAssume {
  std::string arn;
  std::string session_name;
  std::string external_id;       // "" for none
  std::string duration_seconds;  // "" for the service's default
};

HttpRequest assume_role(const AwsEndpoint& to, const RoleToAssume& role);

// Goes out unsigned: the token proves who asks.
HttpRequest assume_role_with_web_identity(const AwsEndpoint& to, const RoleToAssume& role,
                                          const std::string& token);

// The body of a 200 to either.
Parsed<AwsCredentials> parse_sts_credentials(ByteView xml);

}  // namespace runpin
