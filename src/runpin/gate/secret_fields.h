// Secrets that no format gives away: opaque values in fields whose name says that they hold one.
// Pure and thread-safe.
#pragma once

#include <string_view>
#include <vector>

#include "runpin/gate/secret_formats.h"

namespace runpin {

inline constexpr std::string_view k_secret_field_rule = "high-entropy-secret-field";

// Bits a byte of `text` carries, by the frequency of its bytes: 0 for "" and "aaaa", 4 for random
// hex.
double shannon_entropy(std::string_view text);

// True for a name with a word for a secret in it: "db_password", "clientSecret", "IG_API_KEY",
// "x-auth-token".
bool names_a_secret(std::string_view name);

// True for what stands where a secret will be put: "${DB_PASSWORD}", "<token>", "{{ secret }}",
// "********", "TO_PIN".
bool is_placeholder(std::string_view value);

// True for a value made of words, short codes, counts and dates ("ssm_and_secrets_manager",
// "/app/db/password", "m3a_20260223T174307Z"), as names and paths are and random strings are not.
bool reads_as_words(std::string_view value);

// True when the value of a field that names_a_secret() is opaque: long and varied enough for a
// secret, and no path, ARN, URL, id in an id's field, digest in a digest's field, placeholder or
// wording.
bool is_opaque_value(std::string_view field, std::string_view value);

// Appends the opaque values of secret-named fields in `text`: assignments on a line (KEY=value,
// key: "value") and members of JSON, which need not be a whole document. {"db_password": {"value":
// "…"}} counts, and so do the direct members and items of {"secrets": …}.
void find_secret_fields(std::string_view text, std::vector<SecretSpan>& found);

}  // namespace runpin
