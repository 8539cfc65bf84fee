// The table of secret_formats.h's rules: data, with the checks that a pattern cannot express.
#pragma once

#include <span>
#include <string_view>

namespace runpin {

// A format. `secret` is the credential itself, `before` and `after` what must surround it, all
// three RE2 patterns without capturing groups. The pattern runs only over texts that hold one of
// the `keywords`, which stand in lower case, separated by blanks. `check`, when given, has the last
// word on a match.
struct SecretFormat {
  std::string_view rule;
  std::string_view keywords;
  std::string_view secret;
  std::string_view before = "(?:^|[^A-Za-z0-9])";
  std::string_view after = "";
  bool (*check)(std::string_view secret) = nullptr;
};

std::span<const SecretFormat> secret_format_table();

}  // namespace runpin
