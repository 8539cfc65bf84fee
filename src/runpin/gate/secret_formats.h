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

// A text with the copy in lower-case ASCII that the cheap first look for keywords needs.
struct SearchText {
  std::string_view text;
  std::string_view lowercase;  // same length
};

// Appends every credential of a known format in `searched`. A body of hardly any different
// characters (xxxxxxxx) is a placeholder and no credential.
void find_formats(const SearchText& searched, std::vector<SecretSpan>& found);

// The rules' names, in table order.
std::vector<std::string_view> format_rules();

}  // namespace runpin
