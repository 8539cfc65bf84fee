// Keys in environment variables.
#include "runpin/adapters/aws/credential_sources.h"
#include "runpin/adapters/aws/json_credentials.h"

namespace runpin {

Result<FoundCredentials> credentials_of_environment(const CredentialSearch& search,
                                                    const Instant&) {
  const auto& variable = search.outside.environment;
  const auto id = variable("AWS_ACCESS_KEY_ID");
  const auto secret = variable("AWS_SECRET_ACCESS_KEY");
  if (!id && !secret) return FoundCredentials{{}, "AWS_ACCESS_KEY_ID is not set"};
  if (!id || !secret)
    return fail(
        ErrorKind::k_config, "only one of the two AWS keys is set", "environment",
        id ? "set AWS_SECRET_ACCESS_KEY too, or neither" : "set AWS_ACCESS_KEY_ID too, or neither");
  auto made = make_credentials({*id, *secret, variable("AWS_SESSION_TOKEN").value_or(""),
                                variable("AWS_CREDENTIAL_EXPIRATION").value_or("")});
  if (!made)
    return fail(ErrorKind::k_config, "the AWS keys cannot be used: " + made.error(), "environment",
                "set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN anew");
  return FoundCredentials{*made, "from AWS_ACCESS_KEY_ID"};
}

}  // namespace runpin
