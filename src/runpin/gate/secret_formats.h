// The credential formats that providers publish: one table row each. Pure and thread-safe.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace runpin {

// Where a secret stands in a text, and the name of the rule that knows it. The name lives as long
// as the program.
struct SecretSpan {
  std::string_view rule;
  std::size_t begin = 0;
  std::size_t end = 0;
};

// Appends every credential of a known format in `text`. A body of hardly any different
// characters (xxxxxxxx) is a placeholder and no credential.
void find_formats(std::string_view text, std::vector<SecretSpan>& found);

// The rules' names, in table order.
std::vector<std::string_view> format_rules();

}  // namespace runpin
