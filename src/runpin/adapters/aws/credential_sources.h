// The places in which credentials may be found. Each answers nothing, with a note why, when it is
// not set up here, and an error when it is set up and fails.
#pragma once

#include <optional>
#include <string>

#include "runpin/adapters/aws/aws_client.h"
#include "runpin/adapters/aws/aws_outside.h"
#include "runpin/adapters/aws/aws_settings.h"

namespace runpin {

// What the sources work with.
struct CredentialSearch {
  AwsOutside outside;
  AwsSettings settings;
  HttpTransport& web;       // for AWS STS and https addresses
  HttpTransport& metadata;  // for addresses of this machine and its host: never through a proxy
  RetryWorld world;
};

struct FoundCredentials {
  std::optional<AwsCredentials> credentials;
  std::string note;  // how they were found, or why there are none; never a secret
};

using FindCredentials = Result<FoundCredentials> (*)(const CredentialSearch&, const Instant& now);

// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN.
Result<FoundCredentials> credentials_of_environment(const CredentialSearch&, const Instant& now);
// The chosen profile: its role (by source_profile, credential_source or web identity), its keys or
// its credential_process.
Result<FoundCredentials> credentials_of_profile(const CredentialSearch&, const Instant& now);
// AWS_WEB_IDENTITY_TOKEN_FILE with AWS_ROLE_ARN.
Result<FoundCredentials> credentials_of_web_identity(const CredentialSearch&, const Instant& now);
// AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI.
Result<FoundCredentials> credentials_of_container(const CredentialSearch&, const Instant& now);
// The role of an EC2 instance, by IMDSv2.
Result<FoundCredentials> credentials_of_instance(const CredentialSearch&, const Instant& now);

}  // namespace runpin
