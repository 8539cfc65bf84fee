#include "runpin/base/arn.h"

#include <array>

namespace runpin {

std::optional<Arn> parse_arn(std::string_view text) {
  std::array<std::string_view, 6> fields;
  for (std::size_t i = 0; i + 1 < fields.size(); ++i) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    fields[i] = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  fields.back() = text;
  if (fields[0] != "arn") return std::nullopt;
  return Arn{fields[1], fields[2], fields[3], fields[4], fields[5]};
}

}  // namespace runpin
