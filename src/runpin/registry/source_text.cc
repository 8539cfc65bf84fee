#include "runpin/registry/source_text.h"

#include <algorithm>

namespace runpin {

SourceText::SourceText(std::string_view text) : text_(text), commonmark_lines_{0}, lines_{0} {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool feed = text[i] == '\n';
    const bool lone_return = text[i] == '\r' && text.substr(i + 1, 1) != "\n";
    if (feed) lines_.push_back(i + 1);
    if (feed || lone_return) commonmark_lines_.push_back(i + 1);
  }
}

std::size_t SourceText::line_begin(std::size_t line) const {
  return line - 1 < commonmark_lines_.size() ? commonmark_lines_[line - 1] : text_.size();
}

std::size_t SourceText::line_end(std::size_t line) const {
  const std::size_t begin = line_begin(line);
  return std::min(text_.find_first_of("\r\n", begin), text_.size());
}

Position SourceText::position(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const auto next = std::upper_bound(lines_.begin(), lines_.end(), offset);
  const auto line = static_cast<std::size_t>(next - lines_.begin());
  return {line, offset - lines_[line - 1] + 1};
}

}  // namespace runpin
