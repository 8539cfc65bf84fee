// The chain: runs lanes in order, each from the durable evidence of those before it. Once for all
// ten.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "runpin/gate/closing_proof.h"
#include "runpin/gate/publication.h"
#include "runpin/gate/report.h"
#include "runpin/gate/upstream.h"
#include "runpin/gate/written_store.h"

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
  // A lane that was judged and whose evidence is on its way into durable storage; it holds what the
  // publication refers to. `index` is the lane's within lanes_.
  struct OpenLane {
    OpenLane(std::size_t at, std::int64_t since, LaneContext its_context, Upstream its_up)
        : index(at), started(since), context(std::move(its_context)), up(std::move(its_up)) {}
    std::size_t index;
    std::int64_t started;
    LaneContext context;
    Upstream up;
    std::optional<Publication> publication;
  };

  // `next`: the index of the lane to go on with. `as_expected`: durable storage took the open lane,
  // green.
  struct Settled {
    std::size_t next = 0;
    bool as_expected = false;
  };

  // Its evidence of `open` is as expected.
  struct Attempt : runpin::Attempt {
    std::unique_ptr<OpenLane> open;  // the lane before, judged and not settled yet
    std::vector<std::pair<std::string, std::int64_t>> timings;  // milliseconds by lane, for the log
  };

  Result<RunReport> go(Attempt attempt);
  bool takes_part(const Lane& lane, const Attempt& attempt) const;
  void record(const Lane& lane, LaneEvidence evidence, std::int64_t started,
              Attempt& attempt) const;
  Result<std::size_t> take_step(std::size_t index, Attempt& attempt);
  Result<std::size_t> run_lane(std::size_t index, Attempt& attempt);
  Result<std::size_t> settle_alone(Attempt& attempt);
  Result<Settled> gather_while_settling(const OpenLane& open, Draft& draft, Attempt& attempt);
  Result<Settled> stand(std::size_t index, Attempt& attempt);
  Result<Settled> settle(Attempt& attempt);
  void read_again(Attempt& attempt);
  Result<void> reserve(Attempt& attempt);
  char first_open_lane(const RunHistory& history);
  Result<void> check_lead(const Attempt& attempt) const;
  Error taken_over(const Attempt& attempt) const;
  bool still_counts(const Attempt& attempt);
  Result<void> start_behind(RunHistory& history, Reservation& resume);
  Result<void> check_sources(const RunHistory& history);
  void close(const Attempt& attempt, Draft& draft);
  Json prove_again(const std::vector<ClosingProof>& proofs, std::vector<Receipt>& receipts);
  Upstream upstream_of(const Lane& lane, const Attempt& attempt);
  std::optional<Draft> refused(const Lane& lane, const LaneContext& context,
                               const Upstream& up) const;
  RunReport report(const Attempt& attempt) const;
  Result<void> append_closure_notes(const LaneEvidence& verdict);
  Result<void> check_reset(const RunReport& standing, const Reservation& newest,
                           const Instant& now);
  Error nothing_to_resume(const RunHistory& history, const RunReport& standing);

  std::span<const Lane> lanes_;
  WrittenStore written_;
  const Ports ports_;  // the caller's, with `written_` for its store
  const Workspace& workspace_;
  const Registry& registry_;
  const Layout& layout_;
  const FieldNames& names_;
  const LaneInputs inputs_;
  EvidenceReader reader_;
};

}  // namespace runpin
