// What `runpin init` will make, worked out before anything is written. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runpin/base/result.h"
#include "runpin/cli/state_machine_plan.h"

namespace runpin::cli {

struct RegistryFile {
  std::string path;  // for messages
  std::string text;  // UTF-8
};

struct InitPlan {
  std::map<std::string, std::string> files;  // content by path within the workspace
  std::vector<std::string> directories;      // that stay empty
  std::optional<StateMachinePlan> state_machine;
};

// Neither: runpin.toml with the standard names and no inputs. `registry`: that registry, and what
// must agree with it (stack outputs, state machine). `sample`: all inputs of a platform that can
// advance, around `registry` or the sample's own. The same arguments give the same plan. k_config,
// with the place in the registry, when a handle that is needed for this has no usable value.
Result<InitPlan> plan_init(bool sample, const std::optional<RegistryFile>& registry);

}  // namespace runpin::cli
