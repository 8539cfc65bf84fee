#include "runpin/base/position.h"

#include <algorithm>

namespace runpin {

Position position_at(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto lines = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  const auto last_break = before.rfind('\n');
  const std::size_t line_start = last_break == std::string_view::npos ? 0 : last_break + 1;
  return {lines + 1, before.size() - line_start + 1};
}

std::string where(std::string_view path, Position position) {
  return std::string(path) + ":" + std::to_string(position.line) + ":" +
         std::to_string(position.column);
}

}  // namespace runpin
