#include "fuzz/property.h"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <optional>

namespace runpin::fuzz {
namespace {

std::optional<std::size_t> number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// The position in "PATH:LINE:COLUMN", or nothing when `where` has another form.
std::optional<Position> position_in(std::string_view where, std::string_view path) {
  if (!where.starts_with(path) || where.substr(path.size(), 1) != ":") return std::nullopt;
  where.remove_prefix(path.size() + 1);
  const std::size_t colon = where.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto line = number(where.substr(0, colon));
  const auto column = number(where.substr(colon + 1));
  if (!line || !column) return std::nullopt;
  return Position{*line, *column};
}

}  // namespace

void must(bool holds, std::string_view property) {
  if (holds) return;
  std::fprintf(stderr, "property does not hold: %.*s\n", static_cast<int>(property.size()),
               property.data());
  std::abort();
}

void must_lie_within(std::string_view text, Position position) {
  must(position.line >= 1 && position.column >= 1, "lines and columns count from 1");
  for (std::size_t line = 1; line < position.line; ++line) {
    const std::size_t end = text.find('\n');
    must(end != std::string_view::npos, "a position's line is one of the text's");
    text.remove_prefix(end + 1);
  }
  must(position.column <= std::min(text.find('\n'), text.size()) + 1,
       "a position's column is one of its line's");
}

void must_explain(const Error& error, std::string_view text, std::string_view path) {
  must(!error.message.empty(), "an error has a message");
  must(error.message.find('\n') == std::string::npos, "an error's message is one line");
  if (error.where == path) return;
  const auto position = position_in(error.where, path);
  must(position.has_value(), "an error names the path, or a place under it");
  must_lie_within(text, *position);
}

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

}  // namespace runpin::fuzz
