// Which state machine belongs to a registry. Pure.
#pragma once

#include <optional>
#include <string>

#include "runpin/adapters/sqlite/state_names.h"
#include "runpin/base/result.h"
#include "runpin/registry/registry.h"

namespace runpin::cli {

struct StateMachinePlan {
  StateMachineArn arn;
  std::string role_arn;
};

// Name and role as given, else SFN_PLATFORM_RUN_ORCHESTRATOR_V0 and
// ROLE_STEP_FUNCTIONS_ORCHESTRATOR; the region is AWS_REGION, partition and account are the role's.
// k_config with the place in the registry, or k_usage.
Result<StateMachinePlan> plan_state_machine(const Registry& registry,
                                            const std::optional<std::string>& name,
                                            const std::optional<std::string>& role);

}  // namespace runpin::cli
