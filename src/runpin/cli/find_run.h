// The run that a user names.
#pragma once

#include <optional>
#include <string>

#include "runpin/cli/gate_wiring.h"

namespace runpin::cli {

// By platform_run_id, stamp, or any execution id of the run; without a name the newest. k_config
// when there is none such; otherwise the store's error.
Result<RunHistory> find_run(GateWiring& gate, const std::optional<std::string>& wanted);

}  // namespace runpin::cli
