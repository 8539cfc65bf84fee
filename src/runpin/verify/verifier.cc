#include "runpin/verify/verifier.h"

#include <fmt/format.h>

#include "runpin/canon/digest.h"
#include "runpin/verify/attempt_walk.h"
#include "runpin/verify/attempts.h"
#include "runpin/verify/inventory.h"
#include "runpin/verify/recorded_execution.h"

namespace runpin {
namespace {

constexpr const char* k_phase_summary = "m3_execution_summary.json";
constexpr const char* k_entry_receipt = "m4_entry_readiness_receipt.json";

bool has_evidence(const LaneReport& lane) {
  return lane.evidence.state == LaneState::k_green || lane.evidence.state == LaneState::k_held;
}

class Verifier {
 public:
  Verifier(const VerifySetting& setting, const VerifyOptions& options)
      : setting_(setting), options_(options), evidence_(setting.store, setting.at_once) {}

  Result<Verification> verify() {
    const auto there = check_store();
    if (!there && there.error().kind == ErrorKind::k_not_found)
      return tl::unexpected(there.error());
    if (!there) {
      findings_.add(there.error(), setting_.store.name());
      return told();
    }
    const std::string& root = setting_.layout.root();
    if (const auto listed = evidence_.list_from_store(root); !listed) {
      findings_.add(listed.error(), setting_.store.name());
      return told();
    }
    const auto history = find_attempts(evidence_, setting_.layout, options_.run, findings_);
    if (!history) return unknown_run();
    read_executions(*history);
    AttemptWalk walk(setting_, evidence_, *history, findings_);
    for (std::size_t i = 0; i < history->attempts.size(); ++i) walk.walk(i);
    check_inventory(walk.inventory(), evidence_, findings_);
    answer_.links = walk.links();
    answer_.judged_again = walk.judged_again();
    answer_.report = standing(*history);
    check_complete(*history);
    check_verdict();
    check_root();
    return told();
  }

 private:
  // A store that is there but does not keep write-once is a finding. One that refuses to say may
  // still be read; one that gave no answer is not waited for a second time.
  Result<void> check_store() {
    const auto reachable = evidence_.check_reachable();
    if (reachable) return {};
    const ErrorKind kind = reachable.error().kind;
    if (kind == ErrorKind::k_not_found || kind == ErrorKind::k_unavailable)
      return tl::unexpected(reachable.error());
    if (is_out_of_reach(reachable.error())) return {};
    findings_.add({"store", "the evidence store is not as runpin made it",
                   "a store that keeps write-once", one_line(reachable.error()),
                   setting_.store.name()});
    return {};
  }

  tl::unexpected<Error> unknown_run() const {
    return fail(ErrorKind::k_config,
                options_.run ? fmt::format("the store knows no run '{}'", *options_.run)
                             : "the store knows no run yet",
                setting_.store.name(),
                options_.run ? "see runpin list" : "start one with runpin run");
  }

  void read_executions(const RunHistory& history) {
    std::vector<ObjectKey> keys;
    for (const Reservation& attempt : history.attempts)
      for (const Lane& lane : setting_.lanes) {
        const auto under = evidence_.keys_under(
            setting_.layout.execution_prefix(execution_id(lane.contract.letter, attempt.stamp())));
        keys.insert(keys.end(), under.begin(), under.end());
      }
    evidence_.read_from_store(keys);
  }

  // As `status` tells it, from what was read.
  RunReport standing(const RunHistory& history) {
    const FieldNames names = names_of(setting_, evidence_, history.newest().stamp());
    const LaneInputs inputs{setting_.lanes, setting_.layout, names};
    EvidenceReader reader(evidence_, setting_.layout, names);
    Attempt attempt;
    attempt.reservation = history.newest();
    std::vector<LaneReport> lanes;
    for (const Lane& lane : setting_.lanes) {
      LaneEvidence& evidence = attempt.evidence[lane.contract.letter];
      evidence = reader.read_lane(lane.contract, history.execution(lane.contract.letter));
      if (evidence.state == LaneState::k_absent)
        if (auto stopped = inputs.stopped(lane, attempt)) evidence = std::move(*stopped);
      lanes.push_back(
          {&lane.contract, evidence,
           blockers_from_json(evidence.summary["blockers"]).value_or(std::vector<Blocker>{})});
    }
    return report_of(attempt.reservation.stamp(), std::move(lanes), history.last_lane());
  }

  // A run under way, or stopped, has no verdict to prove.
  void check_complete(const RunHistory& history) {
    bool held = false;
    for (const LaneReport& lane : answer_.report.lanes) {
      const bool asked_for =
          lane.lane->letter <= history.last_lane() || (held && lane.lane->always_runs);
      if (!asked_for) continue;
      held = held || lane.evidence.state != LaneState::k_green;
      if (lane.evidence.state != LaneState::k_absent) continue;
      findings_.add(
          {"incomplete",
           fmt::format("{} has no summary: the run is under way, or was stopped", lane.lane->lane),
           "a summary of every lane that was asked for", "no object", lane.evidence.summary_key,
           true});
      return;
    }
  }

  // Then it is named, and no verdict can be told.
  bool has_unreadable_lane() const {
    for (const LaneReport& lane : answer_.report.lanes)
      if (lane.evidence.state == LaneState::k_unreadable) return true;
    return false;
  }

  void check_verdict() {
    const LaneReport& last = answer_.report.lanes.back();
    if (!has_evidence(last) || (has_unreadable_lane() && !findings_.all().empty())) return;
    const auto artifact = [&](const char* name) -> const Json* {
      const auto found = last.evidence.artifacts.find(name);
      return found == last.evidence.artifacts.end() ? nullptr : &found->second;
    };
    const bool advances = answer_.report.hold_class.empty();
    const Json hold = advances ? Json() : Json(answer_.report.hold_class);
    if (const Json* summary = artifact(k_phase_summary)) {
      expect(last, k_phase_summary, "verdict", answer_.report.verdict, (*summary)["verdict"]);
      expect(last, k_phase_summary, "hold_class", hold, (*summary)["hold_class"]);
    }
    if (const Json* receipt = artifact(k_entry_receipt))
      expect(last, k_entry_receipt, "m4_entry_ready", advances, (*receipt)["m4_entry_ready"]);
  }

  void expect(const LaneReport& last, const char* artifact, const char* field, const Json& expected,
              const Json& found) {
    if (expected == found) return;
    findings_.add({"verdict", fmt::format("{} is not that of the chain", field), shown(expected),
                   shown(found),
                   setting_.layout.artifact_key(last.evidence.execution_id, artifact).str()});
  }

  void check_root() {
    for (const LaneReport& lane : answer_.report.lanes) {
      if (!has_evidence(lane)) continue;
      answer_.root_key = lane.evidence.summary_key;
      answer_.root_sha256 = lane.evidence.summary_sha256;
    }
    if (!options_.root || *options_.root == answer_.root_sha256.str()) return;
    findings_.add({"root", "the root of the hash tree is not the one that was given",
                   "SHA-256 " + *options_.root, "SHA-256 " + answer_.root_sha256.str(),
                   answer_.root_key.empty() ? setting_.store.name() : answer_.root_key});
  }

  Verification told() {
    answer_.objects = evidence_.objects();
    answer_.bytes = evidence_.bytes();
    answer_.findings = findings_.all();
    answer_.notes = findings_.notes();
    return answer_;
  }

  const VerifySetting& setting_;
  const VerifyOptions& options_;
  EvidenceSnapshot evidence_;
  EvidenceFindings findings_;
  Verification answer_;
};

}  // namespace

ExitCode Verification::exit_code() const {
  for (const EvidenceFinding& finding : findings)
    if (!finding.is_doubt_only) return ExitCode::k_reset_required;
  return findings.empty() ? report.exit_code() : ExitCode::k_held;
}

Result<Verification> verify_run(const VerifySetting& setting, const VerifyOptions& options) {
  return Verifier(setting, options).verify();
}

Json to_json(const Verification& verification) {
  const RunReport& report = verification.report;
  Json findings = Json::Array{}, notes = Json::Array{};
  for (const EvidenceFinding& finding : verification.findings) findings.push(to_json(finding));
  for (const EvidenceNote& note : verification.notes)
    notes.push(object({{"message", note.message}, {"where", note.where}}));
  const bool rooted = !verification.root_key.empty();
  return object({{"platform_run_id", report.platform_run_id},
                 {"scenario_run_id", report.scenario_run_id},
                 {"config_digest", report.config_digest},
                 {"verdict", report.verdict},
                 {"hold_class", report.hold_class.empty() ? Json() : Json(report.hold_class)},
                 {"exit_code", static_cast<int>(verification.exit_code())},
                 {"verified", verification.verified()},
                 {"root", rooted ? object({{"key", verification.root_key},
                                           {"sha256", verification.root_sha256.str()}})
                                 : Json()},
                 {"objects", verification.objects},
                 {"bytes", verification.bytes},
                 {"links", verification.links},
                 {"judged_again", verification.judged_again},
                 {"findings", findings},
                 {"notes", notes}});
}

}  // namespace runpin
