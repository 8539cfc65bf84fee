// The secret scan that every byte passes before it is published. It errs towards refusing: a string
// of a credential's form is a finding even where it is an example. Findings never hold any of the
// secret. Linear in the text (RE2), for any bytes, valid UTF-8 or not. Pure and thread-safe;
// patterns are compiled once, at first need.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runpin/base/position.h"
#include "runpin/canon/json.h"

namespace runpin {

struct SecretFinding {
  std::string rule;  // "aws-access-key-id", "private-key", "high-entropy-secret-field", …
  Position position;
  auto operator<=>(const SecretFinding&) const = default;
};

// Every finding in `text`, JSON or any other text, in order of position. A secret is found as it
// stands, behind up to three levels of JSON or URL escapes, and in base64. The position is the
// secret's first byte as it stands in `text`: the first byte of its first escape where it is
// escaped, the start of the base64 where it is wrapped so.
std::vector<SecretFinding> scan_secrets(std::string_view text);

// The same for one named value, e.g. a registry handle; the name counts for the rules that look at
// names. The position is within canonical(value), where column 1 of a string is its opening quote.
std::vector<SecretFinding> scan_named_value(std::string_view name, const Json& value);

// The same for a value that goes by several names: what the first of them finds that finds
// anything.
std::vector<SecretFinding> scan_named_value(const std::vector<std::string>& names,
                                            const Json& value);

// The names of all rules.
std::vector<std::string> secret_rules();

}  // namespace runpin
