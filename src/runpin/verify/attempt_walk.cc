#include "runpin/verify/attempt_walk.h"

#include <fmt/format.h>

#include <algorithm>

#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "runpin/gate/succession.h"
#include "runpin/verify/attempts.h"
#include "runpin/verify/claim_check.h"
#include "runpin/verify/facts_check.h"
#include "runpin/verify/judged_again.h"
#include "runpin/verify/summary_check.h"

namespace runpin {
namespace {

constexpr const char* k_copy_patterns[] = {"PHASE_BUDGET_ENVELOPE_PATH_PATTERN",
                                           "PHASE_COST_OUTCOME_RECEIPT_PATH_PATTERN",
                                           "DAILY_COST_POSTURE_PATH_PATTERN"};
constexpr const char* k_run_object_patterns[] = {"EVIDENCE_RUN_JSON_KEY", "RUN_PIN_PATH_PATTERN"};

// The key that the registry's pattern gives; "" where it gives none.
std::string key_by(const Registry& registry, const char* handle, const char* token,
                   const std::string& value) {
  const Handle pattern = registry.get(handle);
  if (pattern.state != HandleState::k_resolved) return "";
  const auto key = key_from_pattern(pattern.value->text(), token, value);
  return key ? key->str() : "";
}

bool is_on_record(const LaneEvidence& evidence) {
  return evidence.state == LaneState::k_green || evidence.state == LaneState::k_held;
}

}  // namespace

FieldNames names_of(const VerifySetting& setting, EvidenceSnapshot& evidence, const Stamp& stamp) {
  for (const Lane& lane : setting.lanes) {
    const auto summary = evidence.get(setting.layout.artifact_key(
        execution_id(lane.contract.letter, stamp), lane.contract.summary_name()));
    if (!summary || !*summary) continue;
    const auto body = read_json((*summary)->bytes, "summary");
    if (body && (*body)["field_names"].is_object())
      return FieldNames::from_recorded((*body)["field_names"]);
  }
  return setting.names;
}

AttemptWalk::AttemptWalk(const VerifySetting& setting, EvidenceSnapshot& evidence,
                         const RunHistory& history, EvidenceFindings& findings)
    : setting_(setting), evidence_(evidence), history_(history), findings_(findings) {}

void AttemptWalk::walk(std::size_t index) {
  const auto& attempts = history_.attempts;
  RunHistory before;
  before.attempts.assign(attempts.begin(), attempts.begin() + static_cast<std::ptrdiff_t>(index));
  Attempt attempt;
  attempt.reservation = attempts[index];
  if (index > 0) attempt.before = &before;
  take_stock(attempt.reservation, index + 1 == attempts.size());
  if (attempt.reservation.starts_at == k_no_lane)
    return findings_.note("gone on from by a resume that started no lane; no evidence",
                          setting_.layout.reservation_key(attempt.reservation.execution_id).str());
  const FieldNames names = names_of(setting_, evidence_, attempt.reservation.stamp());
  const LaneInputs inputs{setting_.lanes, setting_.layout, names};
  EvidenceReader reader(evidence_, setting_.layout, names);
  if (attempt.before) {
    check_start(inputs, attempt, reader);
    for (const Lane& lane : inputs.lanes)
      if (lane.contract.letter < attempt.reservation.starts_at)
        attempt.evidence[lane.contract.letter] =
            reader.read_lane(lane.contract, before.execution(lane.contract.letter));
  }
  bool held = false;
  for (const Lane& lane : inputs.lanes) {
    const char letter = lane.contract.letter;
    if (letter < attempt.reservation.starts_at) continue;
    if (letter > attempt.reservation.last_lane && !(held && lane.contract.always_runs)) continue;
    walk_lane(lane, inputs, attempt, reader);
    held = held || attempt.evidence[letter].state != LaneState::k_green;
  }
}

void AttemptWalk::take_stock(const Reservation& reservation, bool is_newest) {
  for (const Lane& lane : setting_.lanes) {
    const ExecutionId id = execution_id(lane.contract.letter, reservation.stamp());
    inventory_.prefixes.insert(setting_.layout.execution_prefix(id));
    if (id == reservation.execution_id || !is_given_up_reservation(id)) continue;
    const std::string key = setting_.layout.reservation_key(id).str();
    inventory_.explained.insert(key);
    findings_.note("reserved by an attempt that found this stamp taken; no evidence", key);
  }
  const auto explain = [&](const ObjectKey& key) { inventory_.explained.insert(key.str()); };
  explain(setting_.layout.reservation_key(reservation.execution_id));
  if (!is_newest) explain(succession_key(setting_.layout, reservation.execution_id));
  if (reservation.continues && reservation.starts_at != k_no_lane)
    explain(setting_.layout.artifact_key(reservation.execution_id, k_start_name));
}

// A whole reservation of this very execution, as a run or a resume makes it: who finds its stamp
// taken by an attempt that starts at another lane leaves one behind.
bool AttemptWalk::is_given_up_reservation(const ExecutionId& id) {
  const auto object = evidence_.get(setting_.layout.reservation_key(id));
  if (!object || !*object) return false;
  const auto body = read_json((*object)->bytes, "reservation");
  const auto reservation = body ? reservation_from_json(*body) : tl::unexpected(body.error());
  return reservation && reservation->execution_id == id && could_be_made(*reservation) &&
         pretty(to_json(*reservation)) == (*object)->bytes;
}

// A run starts at the first lane; a resume goes on from an attempt that is on record, no later than
// itself.
bool AttemptWalk::could_be_made(const Reservation& r) const {
  if (r.last_lane < r.first_lane || !r.stamp().str().starts_with(r.reserved_at.stamp()))
    return false;
  if (!r.continues) return r.first_lane == setting_.lanes.front().contract.letter;
  const std::size_t prefix = setting_.lanes.front().contract.execution_id_prefix().size();
  if (r.continues->str().size() <= prefix) return false;
  const auto earlier = instant_of(Stamp(r.continues->str().substr(prefix)));
  return earlier && *earlier <= r.reserved_at &&
         evidence_.is_listed(setting_.layout.reservation_key(*r.continues));
}

// A resume goes on at the first lane that is not green, and nowhere else.
void AttemptWalk::check_start(const LaneInputs& inputs, const Attempt& attempt,
                              EvidenceReader& reader) {
  char open = k_no_lane;
  for (const Lane& lane : inputs.lanes) {
    if (open != k_no_lane) break;
    const LaneEvidence earlier =
        reader.read_summary(lane.contract, attempt.before->execution(lane.contract.letter));
    if (earlier.state != LaneState::k_green) open = lane.contract.letter;
  }
  if (open == attempt.reservation.starts_at) return;
  findings_.add(
      {"attempt", "a resume starts at another lane than the first that is not green",
       std::string(1, open), std::string(1, attempt.reservation.starts_at),
       setting_.layout.artifact_key(attempt.reservation.execution_id, k_start_name).str()});
}

void AttemptWalk::walk_lane(const Lane& lane, const LaneInputs& inputs, Attempt& attempt,
                            EvidenceReader& reader) {
  const LaneContract& contract = lane.contract;
  if (auto stopped = inputs.stopped(lane, attempt)) {
    attempt.evidence[contract.letter] = std::move(*stopped);
    return;
  }
  LaneEvidence evidence =
      reader.read_lane(contract, execution_id(contract.letter, attempt.reservation.stamp()));
  if (evidence.state == LaneState::k_absent) {
    check_absent(lane, attempt, evidence);
  } else {
    RecordedExecution execution{lane,
                                inputs,
                                attempt,
                                inputs.context_of(lane, attempt),
                                inputs.upstream_of(lane, attempt, evidence_, reader),
                                evidence};
    execution.context.supersedes = superseded_by(lane, execution.up);
    check(execution);
  }
  attempt.evidence[contract.letter] = std::move(evidence);
}

bool AttemptWalk::has_later_summary(const Lane& lane, const Stamp& stamp) const {
  return std::any_of(setting_.lanes.begin(), setting_.lanes.end(), [&](const Lane& later) {
    return later.contract.letter > lane.contract.letter &&
           evidence_.is_listed(setting_.layout.artifact_key(
               execution_id(later.contract.letter, stamp), later.contract.summary_name()));
  });
}

// Whether there are later summaries of the attempt, and each says that it found none of this
// execution.
bool AttemptWalk::was_never_taken(const Lane& lane, const ExecutionId& id, const Stamp& stamp) {
  bool said = false;
  for (const Lane& later : setting_.lanes) {
    if (later.contract.letter <= lane.contract.letter) continue;
    const ObjectKey key = setting_.layout.artifact_key(execution_id(later.contract.letter, stamp),
                                                       later.contract.summary_name());
    const auto object = evidence_.get(key);
    if (object && !*object) continue;
    const auto summary =
        object ? read_json((*object)->bytes, key.str()) : tl::unexpected(object.error());
    if (!summary || !names_execution((*summary)["facts"]["not_durable"], id.str())) return false;
    said = true;
  }
  return said;
}

// An attempt that was stopped leaves no summary from there on. A gap is evidence that is gone, or
// that durable storage did not take, which held the attempt.
void AttemptWalk::check_absent(const Lane& lane, const Attempt& attempt, LaneEvidence& evidence) {
  const ExecutionId& id = evidence.execution_id;
  const Stamp stamp = attempt.reservation.stamp();
  allow_leftovers(lane.contract, id);
  if (lane.contract.letter == 'b')
    note_lost_claim(setting_, execution_id('b', stamp), evidence_, findings_);
  if (!has_later_summary(lane, stamp)) return;
  if (!was_never_taken(lane, id, stamp))
    return findings_.add(
        {"missing", "a lane's summary is gone", "one object", "no object", evidence.summary_key});
  evidence.state = LaneState::k_held;
  evidence.is_durable = false;
  if (history_.execution(lane.contract.letter) == id)
    return findings_.add({"missing", "durable storage did not take this summary", "one object",
                          "no object", evidence.summary_key, true});
  findings_.note("durable storage did not take this summary, which held that attempt",
                 evidence.summary_key);
}

void AttemptWalk::check(const RecordedExecution& execution) {
  explain_objects(execution);
  links_ += check_summary(execution, evidence_, findings_);
  const char letter = execution.lane.contract.letter;
  explain_receipts(execution.facts());
  for (const Json& proven : execution.facts()["proven_again"].items())
    explain_receipts(proven["facts"]);
  if (letter == 'e' && execution.evidence.state == LaneState::k_green)
    for (const std::string& key : run_objects_) inventory_.leftovers.erase(key);
  if (letter == 'b') {
    const std::string root = check_claim(execution, evidence_, inventory_, findings_);
    allow_run_objects(execution);
    evidence_.read_from_store(root.empty() ? std::vector<ObjectKey>{} : evidence_.keys_under(root));
  }
  if (is_on_record(execution.evidence)) judge(execution);
}

// What M3.E may leave behind where it does not commit.
void AttemptWalk::allow_run_objects(const RecordedExecution& pin) {
  const auto& probes = pin.facts()["probes"].items();
  const std::string id = probes.empty() ? "" : probes.back()["platform_run_id"].text();
  for (const char* pattern : k_run_object_patterns)
    run_objects_.insert(key_by(setting_.registry, pattern, "platform_run_id", id));
  inventory_.leftovers.insert(run_objects_.begin(), run_objects_.end());
}

// Receipts of people and of the store's probe stay on record as a gate read them.
void AttemptWalk::explain_receipts(const Json& facts) {
  auto& explained = inventory_.explained;
  for (const Json& reset : facts["resets"]["value"]["observed"].items())
    explained.insert(reset["key"].text());
  for (const Json& approval : facts["approvals"]["value"].items())
    explained.insert(approval["key"].text());
  const Json& probe = facts["store_trust"]["value"]["probe"];
  if (probe.if_string()) explained.insert(probe.text());
}

// What held it stood in evidence that durable storage did not take. An attempt that still counts is
// then not proven; one that was gone on from is bound by what counts.
void AttemptWalk::leave_unjudged(const RecordedExecution& execution) {
  const std::string& key = execution.evidence.summary_key;
  if (history_.execution(execution.lane.contract.letter) == execution.context.execution_id)
    return findings_.add({"judgement", "it cannot be judged again",
                          "evidence of every lane before it",
                          "evidence that durable storage did not take", key, true});
  findings_.note("held behind evidence that durable storage did not take: not judged again", key);
}

// Where evidence before it is broken, that is named already, and all that rests on it comes out
// otherwise.
void AttemptWalk::judge(const RecordedExecution& execution) {
  if (execution.evidence.state == LaneState::k_held &&
      !execution.facts()["not_durable"].items().empty())
    return leave_unjudged(execution);
  EvidenceFindings found;
  const bool judged = judge_again(execution, evidence_, found);
  judged_again_ += judged ? 1 : 0;
  if (judged && !execution.facts().is_null()) check_facts(execution, evidence_, found);
  for (const EvidenceNote& note : found.notes()) findings_.note(note.message, note.where);
  const bool rests_on_broken =
      std::any_of(execution.up.lanes.begin(), execution.up.lanes.end(),
                  [](const auto& lane) { return lane.second.state == LaneState::k_unreadable; });
  if (rests_on_broken && !findings_.all().empty()) return;
  for (const EvidenceFinding& finding : found.all()) {
    if (evidence_.is_silent(finding.where)) {
      if (!findings_.names(finding.where))
        findings_.add(evidence_.get(ObjectKey(finding.where)).error(), finding.where);
    } else if (!findings_.names(finding.where) || finding.kind == "identity") {
      findings_.add(finding);
    }
  }
}

void AttemptWalk::explain_objects(const RecordedExecution& execution) {
  const LaneContract& lane = execution.lane.contract;
  auto& explained = inventory_.explained;
  explained.insert(execution.artifact_key(lane.summary_name()));
  for (const Json& entry : execution.evidence.summary["artifacts"].items()) {
    explained.insert(execution.artifact_key(entry["name"].text()));
    for (const Json& copy : entry["copies"].items()) explained.insert(copy.text());
  }
  if (execution.evidence.state != LaneState::k_green)
    allow_leftovers(lane, execution.context.execution_id);
  if (lane.letter != 'e') return;
  for (const char* name : {"run_json", "run_header"})
    if (!execution.facts()[name].is_null()) explained.insert(execution.facts()[name]["key"].text());
}

void AttemptWalk::allow_leftovers(const LaneContract& lane, const ExecutionId& id) {
  if (setting_.store.publishes_whole()) return;
  for (const ArtifactContract& artifact : lane.artifacts)
    inventory_.leftovers.insert(setting_.layout.artifact_key(id, artifact.name).str());
  if (lane.letter != 'h') return;
  for (const char* pattern : k_copy_patterns)
    inventory_.leftovers.insert(key_by(setting_.registry, pattern, "phase_execution_id", id.str()));
}

}  // namespace runpin
