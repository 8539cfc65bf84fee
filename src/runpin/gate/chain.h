// The chain: runs lanes in order, each from the durable evidence of those before it. Once for all
// ten.
#pragma once

#include <optional>
#include <span>

#include "runpin/gate/evidence_reader.h"
#include "runpin/gate/history.h"
#include "runpin/gate/publication.h"
#include "runpin/gate/report.h"

namespace runpin {

class Chain {
 public:
  // The referenced things must outlive the chain. `lanes` in chain order, 'a' to 'j'.
  Chain(std::span<const Lane> lanes, const Ports& ports, const Workspace& workspace,
        const Registry& registry, const Layout& layout, const FieldNames& names);

  // A new run to lane `to`. Errors are defects or a half-named local file (exit 1), and k_usage
  // where a resume took the run over while it was under way; whatever the world does wrong is a
  // blocker in the report.
  Result<RunReport> run(Instant now, char to);

  // The newest run from its first lane that is not green. Otherwise as run(), and k_usage when
  // there is nothing to resume: no run, a complete one (whose closure notes are made good where one
  // is missing), every lane up to `to` green, an instant before that of the attempt to go on from,
  // by which attempts are told apart, or another resume that goes on from it already.
  // k_reset_required after NO_GO_RESET_REQUIRED without a reset receipt that answers it.
  Result<RunReport> resume(Instant now, char to);

  // How a run stands, from durable evidence.
  RunReport status(const RunHistory& history);

 private:
  struct Attempt {
    Reservation reservation;
    const RunHistory* before = nullptr;     // a resume: the run so far
    std::map<char, LaneEvidence> evidence;  // by lane, of the run as it stands
  };

  Result<RunReport> go(Attempt attempt);
  Result<LaneEvidence> run_lane(const Lane& lane, Attempt& attempt);
  void read_again(Attempt& attempt);
  Result<void> reserve(Attempt& attempt);
  char first_open_lane(const RunHistory& history);
  Result<void> check_lead(const Attempt& attempt) const;
  Error taken_over(const Attempt& attempt) const;
  bool still_counts(const Attempt& attempt);
  Result<void> start_behind(RunHistory& history, Reservation& resume);
  Result<void> check_sources(const RunHistory& history);
  std::vector<Blocker> prove_again(const Lane& closing, const Attempt& attempt,
                                   std::vector<Receipt>& receipts);
  Result<LaneEvidence> publish_unless_taken(Draft draft, const Attempt& attempt);
  std::vector<ExecutionId> executions_until(char lane, const Attempt& attempt) const;
  Upstream upstream_of(const Lane& lane, const Attempt& attempt);
  std::vector<LaneEvidence> superseded_evidence(const RunHistory& history, char from_lane);
  std::optional<LaneEvidence> stopped(const Lane& lane, const Attempt& attempt) const;
  std::optional<Draft> refused(const Lane& lane, const LaneContext& context,
                               const Upstream& up) const;
  LaneContext context_of(const Lane& lane, const Attempt& attempt) const;
  RunReport report(const Attempt& attempt) const;
  Result<void> append_closure_notes(const LaneEvidence& verdict);
  Result<void> check_reset(const RunReport& standing, const Reservation& newest,
                           const Instant& now);
  Error nothing_to_resume(const RunHistory& history, const RunReport& standing);

  std::span<const Lane> lanes_;
  const Ports& ports_;
  const Workspace& workspace_;
  const Registry& registry_;
  const Layout& layout_;
  const FieldNames& names_;
  EvidenceReader reader_;
};

}  // namespace runpin
