#include "runpin/report/text_lines.h"

#include <algorithm>

namespace runpin {
namespace {

constexpr std::string_view k_byte_order_mark = "\xef\xbb\xbf";

// A code point begins with one byte that continues none; beyond U+FFFF it is a pair of units.
std::size_t utf16_units(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) != 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

}  // namespace

TextLines::TextLines(std::string_view text) : text_(text), begins_{0} {
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', end + 1))
    begins_.push_back(end + 1);
}

std::string_view TextLines::line(std::size_t number) const {
  if (number == 0 || number > begins_.size()) return {};
  const std::size_t begin = begins_[number - 1];
  const std::size_t end = number < begins_.size() ? begins_[number] - 1 : text_.size();
  return text_.substr(begin, end - begin);
}

std::size_t TextLines::utf16_column(Position position) const {
  std::string_view before =
      line(position.line).substr(0, std::min(position.column - 1, line(position.line).size()));
  if (position.line == 1 && before.starts_with(k_byte_order_mark))
    before.remove_prefix(k_byte_order_mark.size());
  return utf16_units(before) + 1;
}

}  // namespace runpin
