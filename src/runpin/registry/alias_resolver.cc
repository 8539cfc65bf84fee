#include "runpin/registry/alias_resolver.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "runpin/registry/handle_line.h"

namespace runpin {
namespace {

bool holds_to_pin(const Json& value) {
  if (value.text() == k_to_pin_word) return true;
  return std::any_of(value.items().begin(), value.items().end(), holds_to_pin) ||
         std::any_of(value.members().begin(), value.members().end(),
                     [](const auto& member) { return holds_to_pin(member.second); });
}

bool is_empty(const Json& value) {
  return value.is_null() || value == Json("") || value == Json(Json::Array{}) ||
         value == Json(Json::Object{});
}

HandleState state_of(const Json& value) {
  if (holds_to_pin(value)) return HandleState::k_to_pin;
  return is_empty(value) ? HandleState::k_empty : HandleState::k_resolved;
}

// Where a pin leads: to a literal (TO_PIN and empty ones too), or to a handle that has none.
struct End {
  HandleState state = HandleState::k_missing;
  std::optional<Json> literal;
  bool dangling = false;
  bool operator==(const End&) const = default;
};

class Resolver {
 public:
  explicit Resolver(HandleMap& handles) : handles_(handles) {}

  AliasReport run() {
    for (auto& [key, handle] : handles_) settle_from(handle);
    return std::move(report_);
  }

 private:
  struct Frame {
    Handle* handle;
    std::size_t next_pin = 0;
  };

  // Depth first with a stack of its own. A handle that is met again while it is open closes a
  // cycle.
  void settle_from(Handle& root) {
    if (ends_.contains(&root)) return;
    std::vector<Frame> stack{{&root}};
    open_.insert(&root);
    while (!stack.empty()) {
      if (Handle* below = next_unsettled(stack.back())) {
        open_.insert(below);
        stack.push_back({below});
        continue;
      }
      settle(*stack.back().handle);
      open_.erase(stack.back().handle);
      stack.pop_back();
    }
  }

  Handle* next_unsettled(Frame& frame) {
    while (frame.next_pin < frame.handle->pins.size()) {
      Handle* target = target_of(frame.handle->pins[frame.next_pin++]);
      if (target != nullptr && !open_.contains(target) && !ends_.contains(target)) return target;
    }
    return nullptr;
  }

  Handle* target_of(const Pin& pin) {
    if (!pin.alias_of) return nullptr;
    const auto found = handles_.find(*pin.alias_of);
    return found == handles_.end() ? nullptr : &found->second;
  }

  End end_of(const Pin& pin) {
    if (pin.literal) return {state_of(*pin.literal), pin.literal};
    const Handle* target = target_of(pin);
    if (target == nullptr) return {HandleState::k_alias_cycle, {}, true};
    const auto settled = ends_.find(target);
    return settled == ends_.end() ? End{HandleState::k_alias_cycle, {}} : settled->second;
  }

  End weigh(const Handle& handle) {
    if (handle.state == HandleState::k_malformed) return {HandleState::k_malformed, {}};
    std::optional<End> first;
    std::optional<std::size_t> rival;
    for (std::size_t i = 0; i < handle.pins.size(); ++i) {
      if (!has_value(handle.pins[i])) continue;
      End end = end_of(handle.pins[i]);
      if (end.state == HandleState::k_alias_cycle) return end;
      if (!first) {
        first = std::move(end);
      } else if (!rival && end != *first) {
        rival = i;
      }
    }
    if (!rival) return first.value_or(End{HandleState::k_declared, {}});
    report_.rival.emplace(handle.key, *rival);
    return {HandleState::k_contradicted, {}};
  }

  void settle(Handle& handle) {
    End end = weigh(handle);
    handle.state = end.state;
    if (end.state == HandleState::k_resolved) handle.value = end.literal;
    if (end.dangling) report_.dangling.insert(handle.key);
    ends_.emplace(&handle, std::move(end));
  }

  HandleMap& handles_;
  std::set<const Handle*> open_;
  std::map<const Handle*, End> ends_;
  AliasReport report_;
};

}  // namespace

bool has_value(const Pin& pin) {
  return pin.literal || pin.alias_of;
}

AliasReport resolve_aliases(HandleMap& handles) {
  return Resolver(handles).run();
}

}  // namespace runpin
