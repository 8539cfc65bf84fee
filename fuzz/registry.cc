// The registry of handles: markdown.
#include "runpin/registry/registry.h"

#include <algorithm>
#include <optional>

#include "fuzz/property.h"
#include "runpin/base/bytes.h"
#include "runpin/canon/json_writer.h"
#include "runpin/gate/field_names.h"
#include "runpin/gate/layout.h"
#include "runpin/gate/secret_scan.h"
#include "runpin/report/registry_edit.h"
#include "runpin/report/registry_sarif.h"

namespace runpin::fuzz {
namespace {

constexpr const char* k_path = "handles.registry.md";

std::size_t offset_of(std::string_view text, Position position) {
  std::size_t line_start = 0;
  for (std::size_t line = 1; line < position.line; ++line)
    line_start = text.find('\n', line_start) + 1;
  return line_start + position.column - 1;
}

void examine_pin(const Pin& pin, std::string_view text) {
  must_lie_within(text, pin.key_position);
  must_lie_within(text, pin.value_position);
  must(text.substr(offset_of(text, pin.key_position)).starts_with(pin.key),
       "a pin's key stands at its position");
  const std::string_view value = text.substr(offset_of(text, pin.value_position));
  if (pin.alias_of) must(value.starts_with(*pin.alias_of), "an alias stands at its position");
  if (pin.literal && pin.literal->is_array()) must(value.starts_with("["), "a list begins there");
  if (pin.literal && pin.literal->is_object()) must(value.starts_with("{"), "a map begins there");
  if (pin.literal && pin.literal->if_string() && pin.literal->text() != "TO_PIN")
    must(value.starts_with("\""), "a string begins there");
}

void examine_finding(const Finding& finding, std::string_view text) {
  must_lie_within(text, finding.position);
  must(!finding.rule.empty() && !finding.message.empty(), "a finding says what it is");
  must(finding.message.find('\n') == std::string::npos, "a finding's message is one line");
  must(scan_secrets(finding.message).empty() && scan_secrets(finding.fix).empty(),
       "a finding repeats no secret");
}

std::string state_of(const Registry& registry) {
  std::string state;
  for (const Handle& handle : registry.all()) {
    state.append(handle.key).append(" ").append(name_of(handle.state)).append(" ");
    state.append(canonical(handle.value ? *handle.value : Json())).append("\n");
  }
  return state;
}

std::string code_span(const std::string& content) {
  std::string fence = "`";
  while (content.find(fence) != std::string::npos) fence += '`';
  return fence + content + fence;
}

void resolved_handles_read_back(const Registry& registry) {
  std::string text;
  for (const Handle& handle : registry.all())
    if (handle.value)
      text += "* " + code_span(handle.key + " = " + canonical(*handle.value)) + "\n";
  const auto again = Registry::parse(text, k_path);
  must(again && again->findings().empty(), "resolved handles, written down again, are sound");
  for (const Handle& handle : registry.all())
    if (handle.value)
      must(again->get(handle.key).value == handle.value, "a handle reads back as written down");
}

// What `registry lint` offers to take out changes no handle's value.
void edits_change_no_value(const Registry& registry, std::string_view text) {
  const TextLines lines(text);
  for (const Finding& finding : registry.findings()) {
    const auto edit = edit_for(finding, registry, lines);
    if (!edit) continue;
    must(edit->begin.line == edit->end.line && edit->begin < edit->end, "an edit is on one line");
    must_lie_within(text, edit->end);
    std::string edited(text);
    edited.erase(offset_of(text, edit->begin), edit->end.column - edit->begin.column);
    const auto again = Registry::parse(edited, k_path);
    must(again && state_of(*again) == state_of(registry), "an edit changes no handle");
  }
}

}  // namespace

void examine(std::string_view input) {
  const auto registry = Registry::parse(input, k_path);
  if (!registry) return must_explain(registry.error(), input, k_path);
  for (const Handle& handle : registry->all()) {
    for (const Pin& pin : handle.pins) examine_pin(pin, input);
    must((handle.state == HandleState::k_resolved) == handle.value.has_value(),
         "a handle is resolved where it has a value");
  }
  for (const Finding& finding : registry->findings()) examine_finding(finding, input);
  must(std::is_sorted(registry->findings().begin(), registry->findings().end(),
                      [](const Finding& a, const Finding& b) { return a.position < b.position; }),
       "findings stand in file order");
  resolved_handles_read_back(*registry);
  edits_change_no_value(*registry, input);
  (void)registry_sarif(*registry, input, k_path, "0");
  (void)Layout::from(*registry);
  (void)FieldNames::from(*registry);
  if (input.find('\r') != std::string_view::npos) return;
  const auto with_crlf = Registry::parse(replace_all(std::string(input), "\n", "\r\n"), k_path);
  must(with_crlf && state_of(*with_crlf) == state_of(*registry), "line endings do not matter");
}

}  // namespace runpin::fuzz
