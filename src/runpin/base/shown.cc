#include "runpin/base/shown.h"

#include <fmt/format.h>

#include <algorithm>

namespace runpin {
namespace {

bool is_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_numeric(char c) {
  constexpr std::string_view k_signs = "+-.,:/$ ";
  return (c >= '0' && c <= '9') || k_signs.find(c) != std::string_view::npos;
}

bool is_plain(std::string_view text) {
  constexpr std::size_t k_longest = 32, k_most_letters = 5;
  const auto letters = std::count_if(text.begin(), text.end(), is_letter);
  return text.size() <= k_longest && static_cast<std::size_t>(letters) <= k_most_letters &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter(c) || is_numeric(c); });
}

}  // namespace

std::string shown_value(std::string_view text) {
  if (is_plain(text)) return fmt::format("'{}'", text);
  const auto characters =
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; });
  return fmt::format("a text of {} character{}", characters, characters == 1 ? "" : "s");
}

}  // namespace runpin
