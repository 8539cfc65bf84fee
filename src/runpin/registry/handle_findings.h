// What settled handles give to report.
#pragma once

#include <string>
#include <vector>

#include "runpin/registry/alias_resolver.h"

namespace runpin {

// "to-pin", "empty", "declared-without-value", "unresolved-alias" (warnings), "contradiction",
// "alias-cycle", "dangling-alias" (errors) and "double-pin" (note), by key. Messages name keys and
// places, never a value. `path` names the registry.
std::vector<Finding> findings_of(const HandleMap& handles, const AliasReport& aliases,
                                 const std::string& path);

}  // namespace runpin
