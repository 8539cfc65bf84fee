// A place in a text: line and column, both from 1; the column counts bytes, as compilers and
// editors do.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace runpin {

struct Position {
  std::size_t line = 1;
  std::size_t column = 1;
  auto operator<=>(const Position&) const = default;
};

// Where byte `offset` of `text` stands; an offset past the end is the end.
Position position_at(std::string_view text, std::size_t offset);

// "path:line:column"
std::string where(std::string_view path, Position position);

}  // namespace runpin
