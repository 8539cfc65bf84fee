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

// The first thing of a run's evidence that does not hold: k_malformed. Where no advance is told,
// only what was changed counts: a run under way may lack much, and a newer runpin may have written
// more than this one knows. Errors of verify_run(): what cannot be looked at is not told either.
Result<void> check_evidence(GateWiring& gate, const std::string& run, bool tells_advance);

// As Ports::evidence_flaw wants it, of a run that is being closed.
Json first_flaw(GateWiring& gate, EvidenceStore& store, const ExecutionId& newest);

}  // namespace runpin::cli
