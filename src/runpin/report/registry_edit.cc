#include "runpin/report/registry_edit.h"

#include "runpin/canon/json_reader.h"
#include "runpin/registry/handle_line.h"

namespace runpin {
namespace {

// Whether `text` is what `pin` says behind its '='.
bool is_value_of(const Pin& pin, std::string_view text) {
  if (pin.alias_of) return text == *pin.alias_of;
  if (!pin.literal) return false;
  if (text == k_to_pin_word) return pin.literal->text() == text;  // it needs no quotes
  const auto value = read_json(text, "");
  return value && *value == *pin.literal;
}

// The length of `pin`'s value at the beginning of `line`, which goes on behind it: a code span ends
// with a backtick, and a string may hold some.
std::optional<std::size_t> value_length(const Pin& pin, std::string_view line) {
  for (auto tick = line.find('`'); tick != std::string_view::npos;
       tick = line.find('`', tick + 1)) {
    const auto last = line.substr(0, tick).find_last_not_of(" \t");
    if (last == std::string_view::npos) continue;
    if (is_value_of(pin, line.substr(0, last + 1))) return last + 1;
  }
  return std::nullopt;
}

}  // namespace

std::optional<RegistryEdit> edit_for(const Finding& finding, const Registry& registry,
                                     const TextLines& lines) {
  if (finding.rule != "double-pin") return std::nullopt;
  const Handle handle = registry.get(finding.key);
  for (const Pin& pin : handle.pins) {
    if (pin.key_position != finding.position || pin.value_position.line != finding.position.line)
      continue;
    const std::string_view line = lines.line(finding.position.line);
    const auto length = value_length(pin, line.substr(pin.value_position.column - 1));
    if (!length) return std::nullopt;
    return RegistryEdit{{finding.position.line, finding.position.column + pin.key.size()},
                        {finding.position.line, pin.value_position.column + *length},
                        "Keep only the name here; its value stands elsewhere"};
  }
  return std::nullopt;
}

}  // namespace runpin
