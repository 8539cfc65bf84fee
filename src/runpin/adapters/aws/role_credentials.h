// Credentials for a role, asked of AWS STS.
#pragma once

#include "runpin/adapters/aws/credential_sources.h"
#include "runpin/adapters/aws/sts_credentials.h"

namespace runpin {

// With the credentials of one who may assume it. `where` names the setting, for errors.
Result<AwsCredentials> credentials_for_role(const CredentialSearch& search,
                                            const RoleToAssume& role, const AwsCredentials& by,
                                            const std::string& where);

// With the web identity whose token stands in `token_file`.
Result<AwsCredentials> credentials_for_web_identity(const CredentialSearch& search,
                                                    const RoleToAssume& role,
                                                    const std::string& token_file,
                                                    const std::string& where);

// The session's name where nothing sets one: the same for every run, since it is part of the
// caller's ARN.
inline constexpr const char* k_role_session_name = "runpin";

}  // namespace runpin
