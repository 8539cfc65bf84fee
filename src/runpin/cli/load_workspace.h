// The workspace that -w names: runpin.toml and the registry it points at.
#pragma once

#include <string>

#include "runpin/base/result.h"
#include "runpin/registry/registry.h"
#include "runpin/workspace/workspace.h"

namespace runpin::cli {

struct LoadedWorkspace {
  std::string directory;  // as the user named it; every path in `workspace` is relative to it
  Workspace workspace;
  Registry registry;  // its path(), like every `where`, is relative to the workspace
  std::string registry_text;
};

// Errors are k_config, except k_io for a read error; `where` is a path that the user can open from
// where they stand.
Result<Workspace> load_settings(const std::string& directory);
Result<LoadedWorkspace> load_workspace(const std::string& directory);

}  // namespace runpin::cli
