#include "runpin/registry/handle_findings.h"

#include <algorithm>
#include <utility>

namespace runpin {
namespace {

// A name that no handle has may be a value without its quotes, and a secret one: a long one without
// '_', as access keys are, is not repeated.
std::string shown_unknown(const std::string& name) {
  const bool harmless = name.size() < 16 || name.find('_') != std::string::npos;
  return harmless ? name : "(a word of " + std::to_string(name.size()) + " letters)";
}

class Reporter {
 public:
  Reporter(const HandleMap& handles, const AliasReport& aliases, const std::string& path)
      : handles_(handles), aliases_(aliases), path_(path) {}

  std::vector<Finding> run() {
    for (const auto& [key, handle] : handles_) report(handle);
    return std::move(findings_);
  }

 private:
  void report(const Handle& handle) {
    const auto first = std::find_if(handle.pins.begin(), handle.pins.end(), has_value);
    if (first == handle.pins.end()) {
      if (handle.state == HandleState::k_declared) report_declared(handle);
      return;
    }
    if (handle.state == HandleState::k_alias_cycle) return report_cycle(*first);
    if (const auto rival = aliases_.rival.find(handle.key); rival != aliases_.rival.end())
      return report_contradiction(*first, handle.pins[rival->second]);
    if (first->alias_of && handle.state != HandleState::k_resolved)
      report_unresolved(handle, *first);
    if (handle.state == HandleState::k_malformed) return;
    for (const Pin& pin : handle.pins) {
      if (!has_value(pin)) continue;
      if (!first->alias_of) report_placeholder(handle.state, pin);
      if (&pin != &*first) report_double(*first, pin);
    }
  }

  void report_declared(const Handle& handle) {
    add("declared-without-value", FindingLevel::k_warning, handle.key,
        "it is declared without a value, so it is unresolved", *handle.position(),
        "write \" = \" and the value behind the key once it is known");
  }

  void report_placeholder(HandleState state, const Pin& pin) {
    if (state == HandleState::k_to_pin) {
      add("to-pin", FindingLevel::k_warning, pin.key, "it still says TO_PIN, so it is unresolved",
          pin.value_position, "replace TO_PIN by the value before a phase requires it");
    } else if (state == HandleState::k_empty) {
      add("empty", FindingLevel::k_warning, pin.key, "its value is empty, so it is unresolved",
          pin.value_position, "write the value before a phase requires it");
    }
  }

  void report_unresolved(const Handle& handle, const Pin& pin) {
    const auto target = handles_.find(*pin.alias_of);
    const bool own_flaw = handle.state == HandleState::k_malformed &&
                          (target == handles_.end() || target->second.state != handle.state);
    if (own_flaw) return;
    add("unresolved-alias", FindingLevel::k_warning, pin.key,
        "its alias leads to a handle without a usable value (" +
            std::string(name_of(handle.state)) + "): " + chain_of(pin),
        pin.value_position, "give the handle at the end of the chain its value");
  }

  void report_contradiction(const Pin& first, const Pin& rival) {
    add("contradiction", FindingLevel::k_error, first.key,
        "expected one value, found two different ones: here and at " +
            where(path_, first.value_position),
        rival.value_position, "keep the pin that holds and remove the other");
  }

  void report_double(const Pin& first, const Pin& second) {
    add("double-pin", FindingLevel::k_note, second.key,
        "it is pinned to the same value here and at " + where(path_, first.key_position),
        second.key_position, "keep one of the two, so that they cannot drift apart");
  }

  void report_cycle(const Pin& first) {
    const Handle& handle = handles_.find(first.key)->second;
    const Pin& pin = *next_of(handle);
    const bool dangling = aliases_.dangling.contains(handle.key);
    add(dangling ? "dangling-alias" : "alias-cycle", FindingLevel::k_error, pin.key,
        std::string(dangling ? "its alias leads to a name that the registry does not have: "
                             : "its alias leads in a circle: ") +
            chain_of(pin),
        pin.value_position,
        dangling ? "correct the name; a string stands in double quotes"
                 : "give one handle of the circle a value");
  }

  // "A -> B -> C": to the end of the chain, to a name met before, or cut short.
  std::string chain_of(const Pin& pin) const {
    constexpr std::size_t k_shown = 12;
    std::string chain = pin.key;
    KeySet met{pin.key};
    for (const Pin* at = &pin; at != nullptr && at->alias_of;) {
      const std::string& name = *at->alias_of;
      const auto found = handles_.find(name);
      if (found == handles_.end()) return chain + " -> " + shown_unknown(name);
      if (met.size() == k_shown) return chain + " -> …";
      chain += " -> " + name;
      if (!met.insert(name).second) break;
      at = next_of(found->second);
    }
    return chain;
  }

  // The pin that makes `handle` what it is: the first that leads nowhere, else the first with a
  // value.
  const Pin* next_of(const Handle& handle) const {
    const auto leads_nowhere = [&](const Pin& pin) {
      if (!pin.alias_of) return false;
      const auto target = handles_.find(*pin.alias_of);
      return target == handles_.end() || target->second.state == HandleState::k_alias_cycle;
    };
    auto next = std::find_if(handle.pins.begin(), handle.pins.end(), leads_nowhere);
    if (next == handle.pins.end())
      next = std::find_if(handle.pins.begin(), handle.pins.end(), has_value);
    return next == handle.pins.end() ? nullptr : &*next;
  }

  void add(std::string rule, FindingLevel level, const std::string& key, const std::string& message,
           Position position, std::string fix) {
    findings_.push_back(
        {std::move(rule), level, key, key + ": " + message, position, std::move(fix)});
  }

  const HandleMap& handles_;
  const AliasReport& aliases_;
  const std::string& path_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> findings_of(const HandleMap& handles, const AliasReport& aliases,
                                 const std::string& path) {
  return Reporter(handles, aliases, path).run();
}

}  // namespace runpin
