#include "runpin/report/registry_edit.h"

#include <algorithm>

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

// Whether the registry reads the span on line `number` as a mention of `key` once the line's bytes
// [begin, end) are gone: what follows, "= 1" say, may make a pin gone wrong of it.
bool leaves_a_mention(const TextLines& lines, std::size_t number, const std::string& key,
                      std::size_t begin, std::size_t end) {
  const std::string_view line = lines.line(number);
  const std::size_t before = line.substr(0, begin - key.size()).find_last_not_of("` \t");
  const std::size_t fence =
      line.find('`', before == std::string_view::npos ? 0 : std::min(before + 1, begin));
  std::string item = "* ";
  item.append(line.substr(fence, begin - fence)).append(line.substr(end));
  for (std::string_view next = lines.line(++number);
       next.find_first_not_of(" \t\r") != std::string_view::npos; next = lines.line(++number))
    item.append("\n").append(next);
  const auto read = Registry::parse(item, "");
  return read && read->get(key).state != HandleState::k_malformed;
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
    const std::size_t number = finding.position.line;
    const std::size_t begin = finding.position.column + pin.key.size();
    const std::size_t end = pin.value_position.column + *length;
    if (!leaves_a_mention(lines, number, pin.key, begin - 1, end - 1)) return std::nullopt;
    return RegistryEdit{
        {number, begin}, {number, end}, "Keep only the name here; its value stands elsewhere"};
  }
  return std::nullopt;
}

}  // namespace runpin
