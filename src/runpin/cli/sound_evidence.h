// Whether a run's evidence verifies, before an advance is told.
#pragma once

#include <optional>
#include <string>

#include "runpin/canon/json.h"
#include "runpin/cli/gate_wiring.h"
#include "runpin/verify/verifier.h"

namespace runpin::cli {

// As verify_run(), with what the gate is wired to.
Result<Verification> verify_by(GateWiring& gate, const VerifyOptions& options);

// The first thing that was changed in a run's evidence: k_malformed. What is lost is none. Errors
// of verify_run(): what cannot be looked at is not told either.
Result<void> check_evidence(GateWiring& gate, const std::optional<std::string>& run);

// As Ports::evidence_flaw wants it, of a run that is being closed.
Json first_flaw(GateWiring& gate, EvidenceStore& store, const ExecutionId& newest);

}  // namespace runpin::cli
