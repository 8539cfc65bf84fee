// A text and where its lines begin, so that an offset becomes a position without counting from the
// start again.
#pragma once

#include <string_view>
#include <vector>

#include "runpin/base/position.h"

namespace runpin {

class SourceText {
 public:
  // REQUIRES: `text` outlives this.
  explicit SourceText(std::string_view text);

  std::string_view text() const { return text_; }

  // Lines as CommonMark counts them, from 1: ended by "\n", "\r\n" or "\r". A line past the end is
  // the end.
  std::size_t line_begin(std::size_t line) const;
  // Past the line's last byte, its ending left out.
  std::size_t line_end(std::size_t line) const;

  // As position_at(): lines ended by "\n" alone, as compilers and editors count them.
  Position position(std::size_t offset) const;

 private:
  std::string_view text_;
  std::vector<std::size_t> commonmark_lines_;
  std::vector<std::size_t> lines_;
};

}  // namespace runpin
