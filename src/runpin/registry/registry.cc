#include "runpin/registry/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>

#include "runpin/base/bytes.h"
#include "runpin/registry/alias_resolver.h"
#include "runpin/registry/handle_findings.h"
#include "runpin/registry/handle_reader.h"
#include "runpin/registry/markdown.h"

namespace runpin {

std::string_view name_of(HandleState state) {
  switch (state) {
    case HandleState::k_resolved:
      return "resolved";
    case HandleState::k_missing:
      return "missing";
    case HandleState::k_declared:
      return "declared";
    case HandleState::k_to_pin:
      return "to_pin";
    case HandleState::k_empty:
      return "empty";
    case HandleState::k_contradicted:
      return "contradicted";
    case HandleState::k_alias_cycle:
      return "alias_cycle";
    case HandleState::k_malformed:
      return "malformed";
  }
  return "malformed";
}

std::optional<Position> Handle::position() const {
  if (pins.empty()) return std::nullopt;
  const auto malformed = std::find_if(pins.begin(), pins.end(), std::mem_fn(&Pin::is_malformed));
  if (state == HandleState::k_malformed && malformed != pins.end()) return malformed->key_position;
  const auto valued = std::find_if(pins.begin(), pins.end(), has_value);
  return (valued == pins.end() ? pins.front() : *valued).key_position;
}

Result<Registry> Registry::parse(std::string_view text, std::string path) {
  std::size_t bad = 0;
  if (!is_utf8(text, &bad))
    return fail(ErrorKind::k_config, "expected the registry in UTF-8, found a byte that is none",
                where(path, position_at(text, bad)), "save the file as UTF-8");
  if (text.size() > k_max_markdown_bytes)
    return fail(ErrorKind::k_config,
                fmt::format("expected a registry of at most {} MiB, found a larger file",
                            k_max_markdown_bytes >> 20),
                where(path, {}), "name the registry's own file in runpin.toml");

  HandlePlaces places = read_handles(text);
  Registry registry;
  for (Pin& pin : places.pins) {
    Handle& handle = registry.handles_[pin.key];
    handle.key = pin.key;
    if (places.malformed.contains(pin.key)) handle.state = HandleState::k_malformed;
    handle.pins.push_back(std::move(pin));
  }
  const AliasReport aliases = resolve_aliases(registry.handles_);
  registry.findings_ = std::move(places.findings);
  std::ranges::move(findings_of(registry.handles_, aliases, path),
                    std::back_inserter(registry.findings_));
  std::ranges::stable_sort(registry.findings_, {}, &Finding::position);
  registry.path_ = std::move(path);
  return registry;
}

Handle Registry::get(std::string_view key) const {
  const auto found = handles_.find(key);
  if (found != handles_.end()) return found->second;
  Handle missing;
  missing.key = std::string(key);
  return missing;
}

std::vector<std::string> Registry::names_of(std::string_view key) const {
  std::vector<std::string> names{std::string(key)};
  std::set<std::string> seen(names.begin(), names.end());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto found = handles_.find(names[i]);
    if (found == handles_.end()) continue;
    for (const Pin& pin : found->second.pins)
      if (pin.alias_of && seen.insert(*pin.alias_of).second) names.push_back(*pin.alias_of);
  }
  return names;
}

std::vector<Handle> Registry::all() const {
  std::vector<Handle> all;
  for (const auto& [key, handle] : handles_) all.push_back(handle);
  return all;
}

}  // namespace runpin
