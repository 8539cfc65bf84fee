#include "runpin/cli/wrapped.h"

#include <algorithm>

namespace runpin::cli {
namespace {

constexpr std::size_t k_columns = 80;

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

}  // namespace

std::string wrapped(std::string_view label, std::string_view text) {
  const std::size_t indent = characters(label);
  std::string lines(label);
  std::size_t column = indent;
  bool line_is_empty = true;
  while (true) {
    const std::string_view word = text.substr(0, text.find(' '));
    const std::size_t width = characters(word);
    if (!line_is_empty && column + 1 + width > k_columns) {
      lines += '\n' + std::string(indent, ' ');
      column = indent;
      line_is_empty = true;
    }
    if (!line_is_empty) lines += ' ';
    column += width + (line_is_empty ? 0 : 1);
    lines += word;
    line_is_empty = false;
    if (word.size() == text.size()) return lines;
    text.remove_prefix(word.size() + 1);
  }
}

}  // namespace runpin::cli
