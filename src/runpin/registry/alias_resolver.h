// Follows aliases to their end and weighs several pins of one handle against each other.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>

#include "runpin/registry/registry.h"

namespace runpin {

using HandleMap = std::map<std::string, Handle, std::less<>>;
using KeySet = std::set<std::string, std::less<>>;

// What messages need to know beyond a handle's state.
struct AliasReport {
  KeySet dangling;  // k_alias_cycle because a name is missing
  std::map<std::string, std::size_t, std::less<>>
      rival;  // index of the first pin that contradicts the first value
};

// A literal or an alias stands there, not a bare key or a malformed line.
bool has_value(const Pin& pin);

// Sets `state` and `value` of every handle from its `pins`; a handle whose state is k_malformed
// already keeps it. An alias of an unresolved handle takes over its state. Chains of any length;
// each handle is settled once.
AliasReport resolve_aliases(HandleMap& handles);

}  // namespace runpin
