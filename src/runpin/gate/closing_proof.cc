#include "runpin/gate/closing_proof.h"

#include <fmt/format.h>

namespace runpin {
namespace {

const Json& recorded_facts(const Json& proven_again, const ClosingProof& proof) {
  static const Json k_none;
  for (const Json& entry : proven_again.items())
    if (entry["lane"].text() == proof.lane->contract.lane &&
        entry["execution_id"].text() == proof.context.execution_id.str())
      return entry["facts"];
  return k_none;
}

// Evidence that was changed is never mended in place; a store that gave no answer may give one.
void judge_evidence(const Lane& closing, const Json& flaw, Blockers& blockers) {
  if (flaw.is_null()) return;
  const bool doubt_only = flaw["is_doubt_only"].is_true();
  const std::string& code =
      doubt_only ? closing.contract.codes.missing_upstream : closing.contract.codes.broken_evidence;
  blockers.raise(code, {fmt::format("the evidence that this run stands on does not verify: {}: {}",
                                    flaw["kind"].text(), flaw["message"].text()),
                        flaw["expected"].text(), flaw["found"].text(), flaw["where"].text(),
                        doubt_only ? "runpin verify shows all of it; runpin resume once it reads"
                                   : "runpin run; runpin verify shows all that does not hold"});
}

}  // namespace

std::vector<ClosingProof> closing_proofs(const LaneInputs& inputs, const Attempt& attempt,
                                         EvidenceStore& store, EvidenceReader& reader) {
  std::vector<ClosingProof> proofs;
  for (const Lane& lane : inputs.lanes) {
    if (lane.contract.letter >= attempt.reservation.starts_at) break;
    if (lane.contract.writes_first || lane.contract.always_runs) continue;
    ClosingProof proof{&lane, inputs.context_of(lane, attempt),
                       inputs.upstream_of(lane, attempt, store, reader)};
    proof.context.execution_id = attempt.before->execution(lane.contract.letter);
    proofs.push_back(std::move(proof));
  }
  return proofs;
}

Json closing_fact(const ClosingProof& proof, Facts facts) {
  return object({{"lane", proof.lane->contract.lane},
                 {"execution_id", proof.context.execution_id.str()},
                 {"facts", std::move(facts)}});
}

std::vector<Blocker> broken_proofs(const Lane& closing, const std::vector<ClosingProof>& proofs,
                                   const Facts& facts) {
  Blockers blockers(closing.contract);
  judge_evidence(closing, facts["evidence_flaw"], blockers);
  for (const ClosingProof& proof : proofs) {
    const Judgement judgement =
        proof.lane->judge(proof.context, proof.up, recorded_facts(facts["proven_again"], proof));
    for (const Blocker& broken : judgement.blockers)
      blockers.raise(
          closing.contract.codes.missing_upstream,
          {fmt::format("{} was green, and is no longer: {}", proof.lane->contract.lane,
                       broken.says.message),
           broken.says.expected, broken.says.found, broken.says.where,
           fmt::format("undo that change, then runpin resume; or runpin run ({})", broken.code)});
  }
  return blockers.all();
}

}  // namespace runpin
