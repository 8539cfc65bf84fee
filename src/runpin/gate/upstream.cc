#include "runpin/gate/upstream.h"

#include <fmt/format.h>

namespace runpin {

char LaneInputs::letter_of(std::string_view name) const {
  for (const Lane& lane : lanes)
    if (lane.contract.lane == name) return lane.contract.letter;
  return '\0';
}

LaneContext LaneInputs::context_of(const Lane& lane, const Attempt& attempt) const {
  LaneContext context;
  context.lane = &lane.contract;
  context.layout = &layout;
  context.names = &names;
  for (const Lane& other : lanes) context.contract.push_back(&other.contract);
  context.stamp = attempt.reservation.stamp();
  context.now = attempt.reservation.reserved_at;
  context.execution_id = execution_id(lane.contract.letter, context.stamp);
  context.reservation = attempt.reservation;
  if (attempt.before)
    for (const Reservation& earlier : attempt.before->attempts)
      context.earlier.push_back(earlier.reserved_at);
  return context;
}

Upstream LaneInputs::upstream_of(const Lane& lane, const Attempt& attempt, EvidenceStore& store,
                                 EvidenceReader& reader) const {
  Upstream up;
  for (const std::string& read : lane.contract.reads) {
    const auto evidence = attempt.evidence.find(letter_of(read));
    if (evidence != attempt.evidence.end()) up.lanes[read] = evidence->second;
  }
  if (attempt.before) up.superseded = superseded_evidence(attempt, store, reader);
  up.executions = executions_until(lane.contract.letter, attempt);
  return up;
}

std::optional<LaneEvidence> LaneInputs::stopped(const Lane& lane, const Attempt& attempt) const {
  if (lane.contract.always_runs) return {};
  for (const std::string& read : lane.contract.reads) {
    const auto before = attempt.evidence.find(letter_of(read));
    if (before == attempt.evidence.end()) continue;
    if (before->second.state != LaneState::k_held && before->second.state != LaneState::k_stopped)
      continue;
    LaneEvidence evidence;
    evidence.state = LaneState::k_stopped;
    evidence.reason = before->second.state == LaneState::k_stopped
                          ? before->second.reason
                          : fmt::format("not run: {} is held", read);
    return evidence;
  }
  return {};
}

std::vector<Blocker> LaneInputs::refusal(const Lane& lane, const Upstream& up) const {
  if (lane.contract.always_runs) return {};
  Blockers blockers(lane.contract);
  for (const std::string& read : lane.contract.reads) {
    const LaneEvidence& evidence = up.lane(read);
    const EngineCodes& codes = lane.contract.codes;
    const std::string& code = evidence.is_out_of_reach ? codes.publish : codes.missing_upstream;
    if (evidence.state == LaneState::k_green || blockers.raised(code)) continue;
    blockers.raise(
        code,
        {fmt::format("the evidence of {} cannot be relied on", read),
         fmt::format("{} green, every artifact as its summary lists it", read), evidence.reason,
         evidence.summary_key.empty() ? read : evidence.summary_key,
         evidence.is_out_of_reach ? "bring the evidence store back, then runpin resume"
                                  : "runpin run: committed evidence is never mended in place"});
  }
  return blockers.all();
}

std::vector<ExecutionId> LaneInputs::executions_until(char lane, const Attempt& attempt) const {
  std::vector<Reservation> attempts;
  if (attempt.before) attempts = attempt.before->attempts;
  attempts.push_back(attempt.reservation);
  std::vector<ExecutionId> ids;
  for (const Reservation& each : attempts)
    for (char letter = 'a'; letter <= lane; ++letter)
      if (letter == each.first_lane || each.runs(letter))
        ids.push_back(execution_id(letter, each.stamp()));
  return ids;
}

std::vector<LaneEvidence> LaneInputs::superseded_evidence(const Attempt& attempt,
                                                          EvidenceStore& store,
                                                          EvidenceReader& reader) const {
  const RunHistory& history = *attempt.before;
  std::vector<LaneEvidence> superseded;
  for (const Lane& lane : lanes) {
    std::vector<ExecutionId> ids = history.superseded(lane.contract.letter);
    if (lane.contract.letter >= attempt.reservation.starts_at)
      ids.push_back(history.execution(lane.contract.letter));
    for (const ExecutionId& id : ids) {
      const auto any = store.list(layout.execution_prefix(id), 1);
      if (any && any->empty()) continue;
      superseded.push_back(reader.read_summary(lane.contract, id));
    }
  }
  return superseded;
}

std::optional<ExecutionId> superseded_by(const Lane& lane, const Upstream& up) {
  std::optional<ExecutionId> newest;
  for (const LaneEvidence& earlier : up.superseded)
    if (earlier.execution_id.str().starts_with(lane.contract.execution_id_prefix()))
      newest = earlier.execution_id;
  return newest;
}

}  // namespace runpin
