#include "runpin/gate/world.h"

#include <fmt/format.h>

#include <memory>

namespace runpin {

World::World(const Ports& ports, const Workspace& workspace, const Registry& registry,
             const Footing* footing)
    : ports_(ports),
      workspace_(workspace),
      registry_(registry),
      footing_(footing),
      footed_(*ports.store, footing),
      store_(footed_, recorder_),
      store_meanwhile_(*ports.store, recorder_),
      orchestrator_(*ports.orchestrator, recorder_),
      documents_(*ports.documents, recorder_),
      stack_outputs_(*ports.stack_outputs, recorder_) {}

void World::at_once(const std::vector<std::function<void(World&)>>& parts) {
  std::vector<std::unique_ptr<World>> worlds;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    worlds.push_back(std::make_unique<World>(ports_, workspace_, registry_, footing_));
    worlds.back()->check(recorder_.current_check());
  }
  ports_.at_once(parts.size(), [&](std::size_t i) { parts[i](*worlds[i]); });
  for (const auto& world : worlds) recorder_.append(world->receipts());
}

Result<CostAnswer> World::billed(CostSource* source, std::string_view setting,
                                 const CostWindow& window) {
  if (!source)
    return fail(ErrorKind::k_not_found, fmt::format("runpin.toml names no {}", setting),
                "runpin.toml", fmt::format("add {} = \"focus:PATH\" to it", setting));
  return RecordingCostSource(*source, recorder_).billed(window);
}

}  // namespace runpin
