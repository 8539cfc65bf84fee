// Recorded facts that follow from other recorded things are worked out again: identity and digests
// from the handles and the manifest, what was read of objects from the objects themselves. Judging
// again takes facts as they are; this is what it rests on.
#pragma once

#include "runpin/verify/recorded_execution.h"

namespace runpin {

// REQUIRES: the execution's facts are on record.
void check_facts(const RecordedExecution& execution, EvidenceSnapshot& evidence,
                 EvidenceFindings& findings);

}  // namespace runpin
