#include "runpin/registry/code_span_finder.h"

#include <algorithm>

namespace runpin {
namespace {

constexpr std::string_view k_replacement = "\xEF\xBF\xBD";  // what CommonMark makes of a NUL

bool is_line_ending(char byte) {
  return byte == '\n' || byte == '\r';
}

std::size_t backticks_at(std::string_view text, std::size_t offset) {
  const std::size_t end = text.find_first_not_of('`', offset);
  return std::min(end, text.size()) - std::min(offset, text.size());
}

bool is_escaped(std::string_view text, std::size_t offset, std::size_t begin) {
  std::size_t backslashes = 0;
  while (offset - backslashes > begin && text[offset - backslashes - 1] == '\\') ++backslashes;
  return backslashes % 2 == 1;
}

// Takes the first and the last byte off: the blanks that CommonMark does.
void drop_padding(LocatedSpan& span) {
  span.text = span.text.substr(1, span.text.size() - 2);
  std::vector<std::pair<std::size_t, std::size_t>> rest{{0, span.stretches[0].second + 1}};
  for (const auto& [index, offset] : span.stretches) {
    if (index == 1) rest[0].second = offset;
    if (index > 1) rest.emplace_back(index - 1, offset);
  }
  span.stretches = std::move(rest);
}

}  // namespace

std::size_t CodeSpanFinder::behind_line_ending(std::size_t offset, std::string_view content) const {
  offset += text_.substr(offset, 2) == "\r\n" ? 2 : 1;
  std::size_t blanks_from = offset;
  const auto skip_blanks = [&] {
    blanks_from = offset;
    offset = std::min(text_.find_first_not_of(" \t", offset), text_.size());
  };
  skip_blanks();
  for (int i = 0; i < quote_depth_ && text_.substr(offset, 1) == ">"; ++i) {
    ++offset;
    skip_blanks();
  }
  const std::size_t kept = std::min(content.find_first_not_of(" \t"), content.size());
  return offset - std::min(kept, offset - blanks_from);
}

std::optional<LocatedSpan> CodeSpanFinder::match(std::size_t opening, std::size_t ticks,
                                                 std::string_view content) const {
  LocatedSpan span;
  std::size_t at = opening + ticks;
  span.stretches.emplace_back(0, at);
  while (!content.empty()) {
    if (at >= text_.size()) return std::nullopt;
    const char byte = text_[at];
    const std::string_view expected = byte == '\0'           ? k_replacement
                                      : is_line_ending(byte) ? " "
                                                             : text_.substr(at, 1);
    if (!content.starts_with(expected)) return std::nullopt;
    content.remove_prefix(expected.size());
    span.text += is_line_ending(byte) ? ' ' : byte;
    at = is_line_ending(byte) ? behind_line_ending(at, content) : at + 1;
    if (is_line_ending(byte)) span.stretches.emplace_back(span.text.size(), at);
  }
  if (backticks_at(text_, at) != ticks) return std::nullopt;
  span.end = at + ticks;
  return span;
}

std::optional<LocatedSpan> CodeSpanFinder::next(std::string_view literal) {
  const std::size_t begin = cursor_;
  const std::string padded = " " + std::string(literal) + " ";
  for (std::size_t at = text_.find('`', begin); at != std::string_view::npos;
       at = text_.find('`', at)) {
    if (is_escaped(text_, at, begin)) {
      ++at;
      continue;
    }
    const std::size_t ticks = backticks_at(text_, at);
    auto span = match(at, ticks, literal);
    if (!span && (span = match(at, ticks, padded))) drop_padding(*span);
    if (span) {
      cursor_ = span->end;
      return span;
    }
    at += ticks;
  }
  return std::nullopt;
}

std::size_t CodeSpanFinder::place_of_first_word(std::string_view literal) const {
  const std::size_t index = std::min(literal.find_first_not_of(" \t"), literal.size());
  const std::string_view rest = literal.substr(index);
  const std::size_t at = text_.find(rest.substr(0, rest.find_first_of(" \t")), cursor_);
  return at == std::string_view::npos || at < index ? cursor_ : at - index;
}

std::size_t CodeSpanFinder::next_line() {
  const std::size_t ending = text_.find_first_of("\r\n", cursor_);
  cursor_ = ending == std::string_view::npos ? text_.size() : behind_line_ending(ending, {});
  return cursor_;
}

}  // namespace runpin
