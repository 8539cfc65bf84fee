// A lane's recorded facts judged and rendered again: the same bytes must come out, of the summary
// and of every artifact.
#pragma once

#include "runpin/verify/recorded_execution.h"

namespace runpin {

// Answers whether it could be judged; what comes out otherwise is a finding. Publishing itself may
// have held the lane: such a blocker is taken from the summary, since nothing else tells of it, and
// a hold can only ever hold.
bool judge_again(const RecordedExecution& execution, EvidenceSnapshot& evidence,
                 EvidenceFindings& findings);

}  // namespace runpin
