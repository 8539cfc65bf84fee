// What a summary says against what is there: its contract, every artifact by size, SHA-256, key and
// copies, every link to the lanes that it stood on.
#pragma once

#include "runpin/verify/recorded_execution.h"

namespace runpin {

// Answers how many links it followed. REQUIRES: the execution has a summary, readable or not.
std::size_t check_summary(const RecordedExecution& execution, EvidenceSnapshot& evidence,
                          EvidenceFindings& findings);

}  // namespace runpin
