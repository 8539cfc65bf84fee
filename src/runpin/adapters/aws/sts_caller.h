// Who the credentials belong to, as AWS STS says: its request and its answer as values.
// Source: docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
#pragma once

#include "runpin/adapters/aws/aws_endpoint.h"
#include "runpin/adapters/aws/parsed.h"

namespace runpin {

HttpRequest get_caller_identity(const AwsEndpoint& to);

struct AwsCaller {
  std::string account;  // "111122223333"
  std::string arn;      // "arn:aws:sts::111122223333:assumed-role/ROLE/SESSION"
};
// The body of a 200.
Parsed<AwsCaller> parse_caller_identity(ByteView xml);

}  // namespace runpin
