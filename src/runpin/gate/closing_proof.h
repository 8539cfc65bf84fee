// Behind a resume, what the green lanes before it proved must hold still when the run is closed:
// those that only read gather again, and are judged again. What they found then is recorded in
// M3.J's facts as `proven_again`: [{lane, execution_id, facts}]. And no run is closed on evidence
// that could not be verified: Ports::evidence_flaw is recorded as `evidence_flaw`.
#pragma once

#include "runpin/gate/upstream.h"

namespace runpin {

struct ClosingProof {
  const Lane* lane = nullptr;
  LaneContext context;  // under the execution id that was green before
  Upstream up;
};

// One for each lane that is proven again, in chain order. REQUIRES: a resume.
std::vector<ClosingProof> closing_proofs(const LaneInputs& inputs, const Attempt& attempt,
                                         EvidenceStore& store, EvidenceReader& reader);

Json closing_fact(const ClosingProof& proof, Facts facts);

// Pure. What holds no more, as blockers of the `closing` lane, by its recorded facts.
std::vector<Blocker> broken_proofs(const Lane& closing, const std::vector<ClosingProof>& proofs,
                                   const Facts& facts);

}  // namespace runpin
