// What the facts of every lane say of the attempts that the run is made of, so that its summary
// binds who asked for what. The chain records it, whichever the lane. Nonces are left out: the same
// inputs at the same instant give the same bytes.
#pragma once

#include "runpin/gate/upstream.h"

namespace runpin {

// Sets "attempts": [{execution_id, reserved_at_utc, continues, first_lane, last_lane}], oldest
// first, this one last; "starts_at", of this one; "not_durable": the executions before this lane
// whose evidence durable storage did not take; and of a resume that replaced any evidence
// "superseded": [{execution_id, summary_sha256}], null where there was no summary.
void set_attempt_facts(Facts& facts, const Attempt& attempt, const Upstream& up);

}  // namespace runpin
