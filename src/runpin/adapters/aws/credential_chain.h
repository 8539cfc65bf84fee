// Credentials as the AWS SDKs find them: the first source that has any, asked again five minutes
// before they expire. Source:
// docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
#pragma once

#include <mutex>
#include <optional>

#include "runpin/adapters/aws/aws_client.h"
#include "runpin/adapters/aws/credential_sources.h"

namespace runpin {

class CredentialChain final : public CredentialSource {
 public:
  // Borrows `search` and what it refers to.
  explicit CredentialChain(const CredentialSearch& search) : search_(search) {}

  // Errors besides CredentialSource's: k_config where a source is set up wrongly. A source that is
  // set up and fails ends the search; one that is not set up is passed over. When none has any,
  // later calls say so without another search.
  Result<AwsCredentials> get(const Instant& now) override;

 private:
  Result<AwsCredentials> find(const Instant& now);

  const CredentialSearch& search_;
  std::mutex mutex_;
  std::optional<AwsCredentials> found_;
  std::optional<Error> none_;
};

}  // namespace runpin
