#include "runpin/gate/handles.h"

#include <fmt/format.h>

#include <map>

#include "runpin/base/bytes.h"
#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "runpin/gate/secret_scan.h"

namespace runpin {
namespace {

struct Resolved {
  std::string state;
  Json value;
  SourceClass source = SourceClass::k_registry_literal;
  std::string where;
  std::string detail;
};

// The other authorities a handle's value may come from or must agree with, read at most once a
// gather.
class OtherSources {
 public:
  explicit OtherSources(World& world) : world_(world) {}

  struct Named {
    std::optional<Json> value;
    std::string origin;   // the file it stands in
    std::string failure;  // why there is no value
  };

  Named stack_output(const std::string& name) {
    read_outputs();
    if (const auto found = outputs_.find(name); found != outputs_.end()) {
      const StackOutput& output = found->second;
      if (output.sensitive)
        return {{}, output.origin, fmt::format("output '{}' is marked sensitive", name)};
      return {output.value, output.origin, ""};
    }
    if (!failure_.empty()) return {{}, "", failure_};
    return {{}, "", fmt::format("no stack output is named '{}'", name)};
  }

  Named m2_field(const std::string& name) {
    const std::string& path = world_.workspace().m2_receipt.value;
    const Result<Bytes> bytes = world_.documents().read(path);
    if (!bytes) return {{}, path, one_line(bytes.error())};
    const Result<Json> receipt = read_json(*bytes, path);
    if (!receipt) return {{}, path, one_line(receipt.error())};
    if (const Json* value = receipt->find(name)) return {*value, path, ""};
    return {{}, path, fmt::format("the M2 receipt has no field '{}'", name)};
  }

 private:
  void read_outputs() {
    if (read_) return;
    read_ = true;
    for (const Setting& source : world_.workspace().stack_outputs) {
      const auto outputs = world_.stack_outputs().read(source.value);
      if (!outputs) {
        failure_ = one_line(outputs.error());
        continue;
      }
      for (const StackOutput& output : *outputs) outputs_.emplace(output.name, output);
    }
  }

  World& world_;
  bool read_ = false;
  std::map<std::string, StackOutput> outputs_;
  std::string failure_;
};

// Where its values stand, or, for a handle that is just an alias, those of the one at the end of
// its aliases. REQUIRES: it is contradicted, so that there is such an end.
std::string contradiction(const Registry& registry, Handle handle) {
  for (std::string alias_of;;) {
    std::vector<Pin> pins;
    for (const Pin& pin : handle.pins)
      if (pin.literal || pin.alias_of) pins.push_back(pin);
    if (pins.size() == 1 && pins.front().alias_of) {
      alias_of = *pins.front().alias_of;
      handle = registry.get(alias_of);
      continue;
    }
    std::vector<std::string> places;
    for (const Pin& pin : pins) places.push_back(where(registry.path(), pin.value_position));
    return fmt::format("{}pinned to different values at {}",
                       alias_of.empty() ? "" : fmt::format("an alias of {}, ", alias_of),
                       join(places, " and "));
  }
}

std::string detail_of(const Registry& registry, const Handle& handle) {
  switch (handle.state) {
    case HandleState::k_resolved:
      return "";
    case HandleState::k_missing:
      return "the registry does not name it";
    case HandleState::k_declared:
      return "declared without a value";
    case HandleState::k_to_pin:
      return "still TO_PIN";
    case HandleState::k_empty:
      return "empty";
    case HandleState::k_contradicted:
      return contradiction(registry, handle);
    case HandleState::k_alias_cycle:
      return "its aliases lead to no value";
    case HandleState::k_malformed:
      return "its line does not parse";
  }
  return "";
}

Resolved from_registry(const Registry& registry, const std::string& key) {
  const Handle handle = registry.get(key);
  Resolved result;
  result.state = name_of(handle.state);
  if (handle.state == HandleState::k_resolved) result.value = *handle.value;
  result.where = handle.position() ? where(registry.path(), *handle.position()) : registry.path();
  result.detail = detail_of(registry, handle);
  return result;
}

// A source other than the registry's literal: it gives the value, and what the registry pins must
// agree with it. A registry that does not name the handle, or says TO_PIN, stays as it is: no other
// source stands in for the registry.
Resolved from_other(Resolved in_registry, const HandleSource& source,
                    const OtherSources::Named& other) {
  in_registry.source = source.source;
  const bool literal = in_registry.state == "resolved";
  if (!literal && in_registry.state != name_of(HandleState::k_declared)) return in_registry;
  Resolved result = in_registry;
  if (!other.value) {
    result.state = "source_missing";
    result.value = nullptr;
    result.detail = other.failure;
    if (!source.where.empty()) result.where = source.where;
  } else if (literal && canonical(*other.value) != canonical(in_registry.value)) {
    result.state = name_of(HandleState::k_contradicted);
    result.value = nullptr;
    result.detail =
        fmt::format("'{}' in {} says another value than the registry", source.name, other.origin);
  } else {
    result.state = "resolved";
    result.value = *other.value;
    result.detail = "";
  }
  return result;
}

Resolved resolve(World& world, OtherSources& others, const std::string& key) {
  Resolved result = from_registry(world.registry(), key);
  const HandleSource source = world.workspace().source_of(key);
  if (source.source == SourceClass::k_stack_output)
    result = from_other(std::move(result), source, others.stack_output(source.name));
  else if (source.source == SourceClass::k_m2_handoff)
    result = from_other(std::move(result), source, others.m2_field(source.name));
  std::vector<std::string> names = world.registry().names_of(key);
  if (!source.name.empty()) names.push_back(source.name);
  const auto secrets = scan_named_value(names, result.value);
  if (!secrets.empty()) {
    result.state = "secret";
    result.value = nullptr;
    result.detail = fmt::format("secret material (rule {})", secrets.front().rule);
  }
  return result;
}

std::string fix_for(std::string_view key, const std::string& state) {
  if (state == name_of(HandleState::k_missing) || state == name_of(HandleState::k_declared))
    return fmt::format("add a line * `{} = \"…\"` to the registry", key);
  if (state == "to_pin" || state == "empty")
    return fmt::format("pin {} to its real value in the registry", key);
  if (state == "contradicted")
    return fmt::format("leave one value for {}, the same at every place that names it", key);
  if (state == "malformed")
    return fmt::format("write the line as * `{} = VALUE`, VALUE a JSON literal", key);
  if (state == "source_missing")
    return fmt::format("correct {} in [sources] of runpin.toml, or the file it names", key);
  if (state == "secret")
    return fmt::format(
        "pin the secret's path for {} instead, and rotate the secret: it stood in a plain file",
        key);
  return fmt::format("point {} at a handle that has a value", key);
}

}  // namespace

Json gather_handles(World& world, const std::vector<std::string>& keys) {
  OtherSources others(world);
  Json handles = Json::Object{};
  for (const std::string& key : keys) {
    const Resolved handle = resolve(world, others, key);
    handles.set(key, object({{"state", handle.state},
                             {"value", handle.value},
                             {"source", name_of(handle.source)},
                             {"where", handle.where},
                             {"detail", handle.detail}}));
  }
  return handles;
}

std::vector<std::string> HandleFacts::unresolved(const std::vector<std::string>& keys) const {
  std::vector<std::string> open;
  for (const std::string& key : keys)
    if (!resolved(key)) open.push_back(key);
  return open;
}

Explanation HandleFacts::explain(std::string_view key) const {
  return {fmt::format("handle {} is not resolved", key), fmt::format("{} pinned to one value", key),
          handles_[key]["detail"].text(), where(key), fix_for(key, state(key))};
}

Explanation HandleFacts::explain_value(std::string_view key, std::string expected) const {
  return {fmt::format("handle {} does not hold what the contract asks for", key), expected,
          canonical(value(key)), where(key),
          fmt::format("in the registry, pin {} to {}", key, expected)};
}

}  // namespace runpin
