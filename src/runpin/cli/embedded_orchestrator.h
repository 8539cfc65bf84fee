// The workspace's embedded orchestrator, for the commands that change it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "runpin/adapters/sqlite/sqlite_orchestrator.h"
#include "runpin/base/result.h"
#include "runpin/cli/load_workspace.h"

namespace runpin::cli {

// k_config when runpin.toml's [orchestrator] kind is another one.
Result<std::unique_ptr<SqliteOrchestrator>> embedded_orchestrator(const std::string& directory,
                                                                  const Workspace& workspace);

// The state machine that `wanted` names, by name or ARN; without it the one that the registry names
// as SFN_PLATFORM_RUN_ORCHESTRATOR_V0. k_config when there is none or more than one of the name.
Result<StateMachine> find_state_machine(SqliteOrchestrator& orchestrator,
                                        const LoadedWorkspace& loaded,
                                        const std::optional<std::string>& wanted);

}  // namespace runpin::cli
