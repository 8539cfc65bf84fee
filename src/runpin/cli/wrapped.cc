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

// The next word of `text`; where a command of runpin begins, all of it up to the sign that ends it,
// if that is no longer than `most`: a command is to be copied in one piece.
std::string_view next_unit(std::string_view text, std::size_t most) {
  const std::string_view word = text.substr(0, text.find(' '));
  if (!word.ends_with("runpin")) return word;
  std::size_t end = word.size();
  while (end < text.size() &&
         std::string_view(",;:)`").find(text[end - 1]) == std::string_view::npos)
    end = std::min(text.find(' ', end + 1), text.size());
  return characters(text.substr(0, end)) <= most ? text.substr(0, end) : word;
}

}  // namespace

std::string wrapped(std::string_view label, std::string_view text) {
  const std::size_t indent = characters(label);
  std::string lines(label);
  std::size_t column = indent;
  bool line_is_empty = true;
  while (true) {
    const std::string_view word = next_unit(text, k_columns - std::min(indent, k_columns));
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
