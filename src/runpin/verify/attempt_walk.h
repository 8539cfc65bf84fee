// Goes through the attempts of a run as the chain did, lane by lane, and checks each execution that
// is on record with exactly what it was given then.
#pragma once

#include "runpin/verify/inventory.h"
#include "runpin/verify/recorded_execution.h"
#include "runpin/verify/verifier.h"

namespace runpin {

class AttemptWalk {
 public:
  // The referenced things must outlive it.
  AttemptWalk(const VerifySetting& setting, EvidenceSnapshot& evidence, const RunHistory& history,
              EvidenceFindings& findings);

  // Attempt `index` of the history.
  void walk(std::size_t index);

  const Inventory& inventory() const { return inventory_; }
  std::size_t links() const { return links_; }
  std::size_t judged_again() const { return judged_again_; }

 private:
  void take_stock(const Reservation& reservation, bool is_newest);
  bool is_given_up_reservation(const ExecutionId& id);
  bool could_be_made(const Reservation& reservation) const;
  void check_start(const LaneInputs& inputs, const Attempt& attempt, EvidenceReader& reader);
  void walk_lane(const Lane& lane, const LaneInputs& inputs, Attempt& attempt,
                 EvidenceReader& reader);
  bool has_later_summary(const Lane& lane, const Stamp& stamp) const;
  bool was_never_taken(const Lane& lane, const ExecutionId& id, const Stamp& stamp);
  void check_absent(const Lane& lane, const Attempt& attempt, LaneEvidence& evidence);
  void check(const RecordedExecution& execution);
  void judge(const RecordedExecution& execution);
  void leave_unjudged(const RecordedExecution& execution);
  void allow_run_objects(const RecordedExecution& pin);
  void explain_receipts(const Json& facts);
  void explain_objects(const RecordedExecution& execution);
  void allow_leftovers(const LaneContract& lane, const ExecutionId& id);

  const VerifySetting& setting_;
  EvidenceSnapshot& evidence_;
  const RunHistory& history_;
  EvidenceFindings& findings_;
  Inventory inventory_;
  std::set<std::string> run_objects_;  // keys that M3.E may leave where it is not green
  std::size_t links_ = 0;
  std::size_t judged_again_ = 0;
};

// The field names that the attempt's summaries record.
FieldNames names_of(const VerifySetting& setting, EvidenceSnapshot& evidence, const Stamp& stamp);

}  // namespace runpin
