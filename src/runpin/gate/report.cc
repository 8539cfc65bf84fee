#include "runpin/gate/report.h"

#include <algorithm>

#include "runpin/gate/secret_scan.h"

namespace runpin {
namespace {

const LaneReport* lane_report(const std::vector<LaneReport>& lanes, char letter) {
  for (const LaneReport& report : lanes)
    if (report.lane->letter == letter) return &report;
  return nullptr;
}

bool has_evidence(const LaneReport& report) {
  return report.evidence.state == LaneState::k_green || report.evidence.state == LaneState::k_held;
}

Json first_known(const std::vector<LaneReport>& lanes, std::string_view field) {
  for (auto report = lanes.rbegin(); report != lanes.rend(); ++report) {
    if (!report->evidence.summary[field].is_null()) return report->evidence.summary[field];
    for (const auto& [name, artifact] : report->evidence.artifacts)
      if (artifact[field].if_string() && scan_secrets(artifact[field].text()).empty())
        return artifact[field];
  }
  return {};
}

// A green M3.J over a summary that does not advance is no advance: evidence that contradicts
// itself.
bool contradicts_itself(const LaneReport& report) {
  if (report.lane->letter != 'j' || report.evidence.state != LaneState::k_green) return false;
  const auto summary = report.evidence.artifacts.find("m3_execution_summary.json");
  return summary == report.evidence.artifacts.end() ||
         summary->second["verdict"].text() != k_advance_to_m4;
}

// What M3.J found unresolved when it closed: a lane that left no durable evidence still counts.
std::vector<Blocker> unresolved_at_closure(const LaneReport& report) {
  const auto summary = report.evidence.artifacts.find("m3_execution_summary.json");
  if (summary == report.evidence.artifacts.end()) return {};
  return blockers_from_json(summary->second["unresolved_blockers"])
      .value_or(std::vector<Blocker>{});
}

// What holds the run, from M3.A to the lane that was asked for.
std::string hold_of(const std::vector<LaneReport>& lanes, char wanted) {
  std::vector<Blocker> unresolved;
  bool incomplete = false;
  for (const LaneReport& report : lanes) {
    unresolved.insert(unresolved.end(), report.blockers.begin(), report.blockers.end());
    const std::vector<Blocker> closed_over = unresolved_at_closure(report);
    unresolved.insert(unresolved.end(), closed_over.begin(), closed_over.end());
    if (contradicts_itself(report)) return std::string(k_no_go);
    const bool asked_for = report.lane->letter <= wanted;
    if (asked_for && report.evidence.state != LaneState::k_green && report.blockers.empty())
      incomplete = true;
  }
  if (!unresolved.empty()) return std::string(hold_class(unresolved));
  return incomplete ? std::string(k_hold_remediate) : "";
}

}  // namespace

RunReport report_of(const Stamp& stamp, std::vector<LaneReport> lanes, char wanted) {
  RunReport report;
  report.stamp = stamp;
  report.hold_class = hold_of(lanes, wanted);
  report.platform_run_id = first_known(lanes, "platform_run_id");
  report.scenario_run_id = first_known(lanes, "scenario_run_id");
  report.config_digest = first_known(lanes, "config_digest");
  for (const LaneReport& lane : lanes) {
    if (lane.evidence.state != LaneState::k_green) break;
    report.next_gate = lane.lane->next_gate();
  }
  const LaneReport* verdict_lane = lane_report(lanes, 'j');
  if (verdict_lane && has_evidence(*verdict_lane))
    report.verdict = report.hold_class.empty() ? Json(k_advance_to_m4) : Json(k_hold_m3);
  report.lanes = std::move(lanes);
  return report;
}

Json to_json(const RunReport& report) {
  Json lanes = Json::Array{};
  for (const LaneReport& lane : report.lanes) {
    const bool evidenced = has_evidence(lane);
    const bool durable = evidenced && lane.evidence.is_durable;
    lanes.push(
        object({{"lane", lane.lane->lane},
                {"execution_id", evidenced ? Json(lane.evidence.execution_id.str()) : Json()},
                {"overall_pass", lane.evidence.state == LaneState::k_green},
                {"blockers", to_json(lane.blockers)},
                {"state", name_of(lane.evidence.state)},
                {"summary_key", durable ? Json(lane.evidence.summary_key) : Json()},
                {"summary_sha256", durable ? Json(lane.evidence.summary_sha256.str()) : Json()},
                {"reason", lane.evidence.reason.empty() ? Json() : Json(lane.evidence.reason)}}));
  }
  return object({{"platform_run_id", report.platform_run_id},
                 {"scenario_run_id", report.scenario_run_id},
                 {"config_digest", report.config_digest},
                 {"verdict", report.verdict},
                 {"hold_class", report.hold_class.empty() ? Json() : Json(report.hold_class)},
                 {"exit_code", static_cast<int>(report.exit_code())},
                 {"lanes", lanes}});
}

}  // namespace runpin
