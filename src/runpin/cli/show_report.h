// A run as people see it: lanes, blockers with their fix, verdict, where the evidence lies. `run`,
// `resume` and `status` all show it alike.
#pragma once

#include "runpin/cli/gate_wiring.h"

namespace runpin::cli {

// Prints the report, or its JSON with --json. Answers its exit code.
int show_report(const RunReport& report, const GateWiring& gate, Output& output);

}  // namespace runpin::cli
