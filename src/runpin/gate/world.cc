#include "runpin/gate/world.h"

#include <fmt/format.h>

namespace runpin {

World::World(const Ports& ports, const Workspace& workspace, const Registry& registry)
    : ports_(ports),
      workspace_(workspace),
      registry_(registry),
      store_(*ports.store, recorder_),
      orchestrator_(*ports.orchestrator, recorder_),
      documents_(*ports.documents, recorder_),
      stack_outputs_(*ports.stack_outputs, recorder_) {}

Result<CostAnswer> World::billed(CostSource* source, std::string_view setting,
                                 const CostWindow& window) {
  if (!source)
    return fail(ErrorKind::k_not_found, fmt::format("runpin.toml names no {}", setting),
                "runpin.toml", fmt::format("add {} = \"focus:PATH\" to it", setting));
  return RecordingCostSource(*source, recorder_).billed(window);
}

}  // namespace runpin
