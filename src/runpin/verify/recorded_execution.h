// One execution of one lane as it is on record, and what it was given.
#pragma once

#include "runpin/gate/closing_proof.h"
#include "runpin/gate/lane.h"
#include "runpin/gate/upstream.h"
#include "runpin/verify/evidence_finding.h"
#include "runpin/verify/evidence_snapshot.h"

namespace runpin {

struct RecordedExecution {
  const Lane& lane;
  const LaneInputs& inputs;
  const Attempt& attempt;  // with the evidence of the lanes before it
  LaneContext context;
  Upstream up;
  LaneEvidence evidence;

  // Null where they are not on record.
  const Json& facts() const;
  const Json& receipts() const;
  // Whether it found that durable storage did not take the evidence of `earlier`.
  bool missed(std::string_view earlier) const;
  std::string artifact_key(std::string_view name) const;
  std::string facts_key() const;
};

// Whether a list of execution ids holds `id`.
bool names_execution(const Json& ids, std::string_view id);

// `bytes` as a JSON document in the form that runpin writes; null, and a finding, for anything
// else.
Json canonical_document(const Bytes& bytes, const std::string& key, EvidenceFindings& findings);

// The members in which two documents differ, each document's in a line.
struct Differing {
  std::string expected;
  std::string found;
};
Differing differing(const Bytes& expected, const Bytes& found);

// The value in a line, cut where it is long.
std::string shown(const Json& value);

}  // namespace runpin
