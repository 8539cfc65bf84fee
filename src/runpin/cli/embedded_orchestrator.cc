#include "runpin/cli/embedded_orchestrator.h"

#include <fmt/format.h>

#include <vector>

#include "runpin/cli/handle_values.h"
#include "runpin/cli/read_file.h"

namespace runpin::cli {
namespace {

Result<std::string> name_to_find(const Registry& registry,
                                 const std::optional<std::string>& wanted) {
  if (wanted) return *wanted;
  HandleValues handles(registry);
  const std::string name = handles.text("SFN_PLATFORM_RUN_ORCHESTRATOR_V0");
  if (handles.error()) return tl::unexpected(*handles.error());
  return name;
}

}  // namespace

Result<std::unique_ptr<SqliteOrchestrator>> embedded_orchestrator(const std::string& directory,
                                                                  const Workspace& workspace) {
  const Backend& backend = workspace.orchestrator;
  if (backend.kind != BackendKind::k_sqlite)
    return fail(ErrorKind::k_config, "the workspace's orchestrator is not the embedded one",
                below(directory, backend.where),
                "set [orchestrator] kind = \"sqlite:.runpin/platform.db\" to use it");
  return std::make_unique<SqliteOrchestrator>(below(directory, backend.target),
                                              "sqlite:" + backend.target);
}

Result<StateMachine> find_state_machine(SqliteOrchestrator& orchestrator,
                                        const LoadedWorkspace& loaded,
                                        const std::optional<std::string>& wanted) {
  const auto name = name_to_find(loaded.registry, wanted);
  if (!name) return tl::unexpected(name.error());
  const auto machines = orchestrator.list_state_machines();
  if (!machines) return tl::unexpected(machines.error());
  std::vector<std::string> arns;
  for (const StateMachineRef& machine : *machines)
    if (machine.name == *name || machine.arn == *name) arns.push_back(machine.arn);
  if (arns.empty())
    return fail(ErrorKind::k_config, fmt::format("there is no state machine '{}'", *name),
                orchestrator.name(), "create it with `runpin orchestrator create`");
  if (arns.size() > 1)
    return fail(ErrorKind::k_config,
                fmt::format("{} state machines are called '{}'", arns.size(), *name),
                orchestrator.name(), "name one by its ARN: " + join(arns, ", "));
  return orchestrator.describe(arns.front());
}

}  // namespace runpin::cli
