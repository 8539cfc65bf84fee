// The commands below `runpin registry`, one a file.
#pragma once

#include "runpin/cli/command.h"

namespace runpin::cli {

Command registry_lint_command();
Command registry_get_command();
Command registry_list_command();

}  // namespace runpin::cli
