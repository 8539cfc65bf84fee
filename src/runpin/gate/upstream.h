// What a lane of an attempt is given: its context and the evidence before it. Told from
// reservations and evidence alone, so that a lane that is judged again is given the same.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "runpin/gate/evidence_reader.h"
#include "runpin/gate/history.h"

namespace runpin {

struct Attempt {
  Reservation reservation;
  const RunHistory* before = nullptr;     // a resume: the run so far
  std::map<char, LaneEvidence> evidence;  // by lane, of the run as it stands
};

// Where every lane's inputs come from. The referenced things must outlive it.
struct LaneInputs {
  std::span<const Lane> lanes;  // in chain order
  const Layout& layout;
  const FieldNames& names;

  // Without `supersedes`, which follows from the upstream: superseded_by().
  LaneContext context_of(const Lane& lane, const Attempt& attempt) const;
  // Its `superseded` is read from `store`.
  Upstream upstream_of(const Lane& lane, const Attempt& attempt, EvidenceStore& store,
                       EvidenceReader& reader) const;
  // The stopped evidence of a lane that reads one which is held or stopped; nothing for a lane that
  // runs.
  std::optional<LaneEvidence> stopped(const Lane& lane, const Attempt& attempt) const;
  // Why a lane is refused before it gathers: evidence that it reads is not there, or does not hold
  // together. Empty where it may gather.
  std::vector<Blocker> refusal(const Lane& lane, const Upstream& up) const;
  // By its name, "M3.D"; '\0' where there is no such lane.
  char letter_of(std::string_view name) const;

 private:
  std::vector<ExecutionId> executions_until(char lane, const Attempt& attempt) const;
  std::vector<LaneEvidence> superseded_evidence(const Attempt& attempt, EvidenceStore& store,
                                                EvidenceReader& reader) const;
};

// The newest execution of this lane that a resume replaced; nothing where it replaced none.
std::optional<ExecutionId> superseded_by(const Lane& lane, const Upstream& up);

}  // namespace runpin
