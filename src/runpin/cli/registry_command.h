// The commands below `runpin registry`, one a file.
#pragma once

#include <optional>
#include <string>

#include "runpin/cli/command.h"
#include "runpin/registry/registry.h"

namespace runpin::cli {

Command registry_lint_command();
Command registry_get_command();
Command registry_list_command();

// The rule by which M3.A refuses the handle's value, a value that is pinned for it, or a note. It
// is one of `registry`.
std::optional<std::string> secret_rule_of(const Registry& registry, const Handle& handle);

}  // namespace runpin::cli
