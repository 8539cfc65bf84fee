// The claim of a run's id: exactly what M3.B writes, by the attempt that recorded that it claimed.
#pragma once

#include "runpin/verify/inventory.h"
#include "runpin/verify/recorded_execution.h"
#include "runpin/verify/verifier.h"

namespace runpin {

// Of an execution of M3.B: the evidence root that it claimed joins `inventory`; "" where it claimed
// none.
std::string check_claim(const RecordedExecution& execution, EvidenceSnapshot& evidence,
                        Inventory& inventory, EvidenceFindings& findings);

// Notes the claims of an M3.B that was stopped before it committed: their ids stay taken.
void note_lost_claim(const VerifySetting& setting, const ExecutionId& pin,
                     EvidenceSnapshot& evidence, EvidenceFindings& findings);

}  // namespace runpin
