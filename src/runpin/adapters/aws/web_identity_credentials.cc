// A role for the web identity that the environment names, as EKS and CI systems set it up.
#include "runpin/adapters/aws/credential_sources.h"
#include "runpin/adapters/aws/role_credentials.h"

namespace runpin {

Result<FoundCredentials> credentials_of_web_identity(const CredentialSearch& search,
                                                     const Instant&) {
  const auto& variable = search.outside.environment;
  const auto token_file = variable("AWS_WEB_IDENTITY_TOKEN_FILE");
  if (!token_file) return FoundCredentials{{}, "AWS_WEB_IDENTITY_TOKEN_FILE is not set"};
  const auto role = variable("AWS_ROLE_ARN");
  if (!role)
    return fail(ErrorKind::k_config, "a web identity is set, but no role for it",
                "AWS_WEB_IDENTITY_TOKEN_FILE", "set AWS_ROLE_ARN too, or neither");
  auto made = credentials_for_web_identity(
      search, {*role, variable("AWS_ROLE_SESSION_NAME").value_or(k_role_session_name), "", ""},
      *token_file, "AWS_WEB_IDENTITY_TOKEN_FILE");
  if (!made) return tl::unexpected(made.error());
  return FoundCredentials{*made, "for the role " + *role};
}

}  // namespace runpin
