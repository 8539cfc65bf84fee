// Who calls, as AWS STS says.
#pragma once

#include "runpin/adapters/aws/aws_client.h"
#include "runpin/adapters/aws/sts_caller.h"
#include "runpin/ports/caller_identity.h"

namespace runpin {

class StsIdentity final : public CallerIdentity {
 public:
  // Borrows `client`.
  StsIdentity(AwsClient& client, AwsEndpoint endpoint)
      : client_(client), endpoint_(std::move(endpoint)) {}

  Result<std::string> caller_arn() override;
  std::string name() const override { return "sts"; }

 private:
  AwsClient& client_;
  AwsEndpoint endpoint_;
};

}  // namespace runpin
