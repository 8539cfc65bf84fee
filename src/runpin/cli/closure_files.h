// The closure notes' files as they are on disk.
#pragma once

#include "runpin/base/result.h"
#include "runpin/cli/load_workspace.h"

namespace runpin::cli {

// k_config, `where` naming the note in runpin.toml, when a note would go into a file that the
// workspace reads or keeps: runpin.toml, the registry, an input, a database, anything below .runpin
// or the local root. Files are told by what the system finds behind their names, so neither ".",
// symbolic nor hard links hide one.
Result<void> check_closure_files(const LoadedWorkspace& loaded);

}  // namespace runpin::cli
