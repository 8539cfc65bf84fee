// The lines of a text, for positions that count bytes and those that count UTF-16 code units.
#pragma once

#include <string_view>
#include <vector>

#include "runpin/base/position.h"

namespace runpin {

class TextLines {
 public:
  // REQUIRES: `text` outlives this. A line ends at "\n".
  explicit TextLines(std::string_view text);

  // The line of that number, from 1, without its "\n"; "" past the end.
  std::string_view line(std::size_t number) const;

  // The column of `position` in UTF-16 code units, from 1. A byte order mark at the beginning of
  // the text is not counted. REQUIRES: the text is UTF-8.
  std::size_t utf16_column(Position position) const;

 private:
  std::string_view text_;
  std::vector<std::size_t> begins_;
};

}  // namespace runpin
