// Credentials as text that other programs and services hand out. A flaw never repeats a value.
#pragma once

#include <string>

#include "runpin/adapters/aws/parsed.h"
#include "runpin/adapters/aws/signer.h"
#include "runpin/base/bytes.h"

namespace runpin {

struct CredentialTexts {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;  // "" for none
  std::string expiration;     // RFC 3339 in any offset; "" for none
};

// Refuses what cannot stand in a header or is missing.
Parsed<AwsCredentials> make_credentials(CredentialTexts texts);

// {"AccessKeyId": …, "SecretAccessKey": …, TOKEN_MEMBER: …, "Expiration": …}
Parsed<AwsCredentials> parse_json_credentials(ByteView json, std::string_view token_member);

}  // namespace runpin
