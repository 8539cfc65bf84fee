#include "runpin/gate/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace runpin {
namespace {

const std::array<LaneContract, 10>& contracts() {
  static const std::array<LaneContract, 10> k_contracts = [] {
    std::array<LaneContract, 10> all;
    for (std::size_t i = 0; i < all.size(); ++i) {
      all[i].letter = static_cast<char>('a' + i);
      all[i].lane = std::string("M3.") + static_cast<char>('A' + i);
    }
    return all;
  }();
  return k_contracts;
}

Blocker blocker(Severity severity) {
  return {"M3D-B2", "M3-B4", severity, {"m", "e", "f", "w", "x"}};
}

LaneReport lane_report(char letter, LaneState state, std::vector<Blocker> blockers = {}) {
  LaneReport report;
  report.lane = &contracts()[static_cast<std::size_t>(letter - 'a')];
  report.evidence.state = state;
  report.evidence.execution_id = execution_id(letter, Stamp("20260223T174307Z"));
  report.blockers = std::move(blockers);
  if (letter >= 'b' && state == LaneState::k_green)
    report.evidence.summary = object({{"platform_run_id", "platform_20260223T174307Z"}});
  if (letter == 'j' && state == LaneState::k_green)
    report.evidence.artifacts["m3_execution_summary.json"] =
        object({{"verdict", "ADVANCE_TO_M4"}, {"config_digest", "d"}, {"scenario_run_id", "s"}});
  return report;
}

// Lanes a to j, all in `state` but for those of `other`.
std::vector<LaneReport> lanes(LaneState state, std::vector<LaneReport> other = {}) {
  std::vector<LaneReport> all;
  for (char letter = 'a'; letter <= 'j'; ++letter) {
    const auto known = std::find_if(other.begin(), other.end(), [&](const LaneReport& report) {
      return report.lane->letter == letter;
    });
    all.push_back(known == other.end() ? lane_report(letter, state) : *known);
  }
  return all;
}

RunReport report(std::vector<LaneReport> all, char wanted = 'j') {
  return report_of(Stamp("20260223T174307Z"), std::move(all), wanted);
}

TEST(RunReport, AdvancesWhereEveryLaneIsGreen) {
  const RunReport all_green = report(lanes(LaneState::k_green));
  EXPECT_EQ(all_green.verdict, Json("ADVANCE_TO_M4"));
  EXPECT_EQ(all_green.exit_code(), ExitCode::k_success);
  EXPECT_EQ(all_green.next_gate, "M3.J_READY");
  EXPECT_EQ(all_green.platform_run_id, Json("platform_20260223T174307Z"));
  EXPECT_EQ(all_green.config_digest, Json("d"));
  EXPECT_EQ(all_green.scenario_run_id, Json("s"));
  EXPECT_EQ(to_json(all_green)["hold_class"], Json());
}

// Whatever a lane lacks, it holds the run: nothing that could not be verified ever exits 0.
TEST(RunReport, NeverAdvancesOverALaneThatIsNotGreen) {
  for (char letter = 'a'; letter <= 'j'; ++letter)
    for (const LaneState state :
         {LaneState::k_held, LaneState::k_stopped, LaneState::k_absent, LaneState::k_unreadable}) {
      const RunReport held = report(lanes(LaneState::k_green, {lane_report(letter, state)}));
      EXPECT_NE(held.verdict, Json("ADVANCE_TO_M4")) << letter << " " << name_of(state);
      EXPECT_NE(held.exit_code(), ExitCode::k_success) << letter << " " << name_of(state);
      EXPECT_FALSE(to_json(held)["hold_class"].text().empty());
    }
}

TEST(RunReport, HoldsByTheWorstBlockerOfAnyLane) {
  const auto held = [](Severity severity) {
    return report(lanes(LaneState::k_green,
                        {lane_report('d', LaneState::k_held, {blocker(severity)}),
                         lane_report('i', LaneState::k_held, {blocker(Severity::k_s2)}),
                         lane_report('j', LaneState::k_held, {blocker(Severity::k_s2)})}));
  };
  EXPECT_EQ(held(Severity::k_s2).exit_code(), ExitCode::k_held);
  EXPECT_EQ(held(Severity::k_s1).exit_code(), ExitCode::k_reset_required);
  EXPECT_EQ(held(Severity::k_s2).verdict, Json("HOLD_M3"));
  EXPECT_EQ(held(Severity::k_s2).next_gate, "M3.C_READY");
  const Json json = to_json(held(Severity::k_s1));
  EXPECT_EQ(json["hold_class"], Json("NO_GO_RESET_REQUIRED"));
  EXPECT_EQ(json["exit_code"], Json(4));
  EXPECT_EQ(json["lanes"].items()[3]["blockers"],
            to_json(std::vector<Blocker>{blocker(Severity::k_s1)}));
}

TEST(RunReport, AsksOnlyForTheLanesThatWereAskedFor) {
  for (char wanted = 'a'; wanted < 'j'; ++wanted) {
    std::vector<LaneReport> rest;
    for (char letter = static_cast<char>(wanted + 1); letter <= 'j'; ++letter)
      rest.push_back(lane_report(letter, LaneState::k_absent));
    const RunReport partial = report(lanes(LaneState::k_green, rest), wanted);
    EXPECT_EQ(partial.exit_code(), ExitCode::k_success) << wanted;
    EXPECT_EQ(partial.verdict, Json()) << wanted;
    EXPECT_EQ(partial.next_gate,
              std::string("M3.") + static_cast<char>(wanted - 'a' + 'A') + "_READY");
    EXPECT_NE(report(lanes(LaneState::k_green, rest), static_cast<char>(wanted + 1)).exit_code(),
              ExitCode::k_success);
  }
}

TEST(RunReport, ShowsAnExecutionOnlyWhereItLeftEvidence) {
  const Json json = to_json(report(
      lanes(LaneState::k_green, {lane_report('c', LaneState::k_held, {blocker(Severity::k_s2)}),
                                 lane_report('d', LaneState::k_stopped)})));
  const auto& shown = json["lanes"].items();
  EXPECT_EQ(shown[2]["execution_id"], Json("m3c_20260223T174307Z"));
  EXPECT_EQ(shown[3]["execution_id"], Json());
  EXPECT_EQ(shown[3]["state"], Json("stopped"));
  EXPECT_EQ(shown[3]["overall_pass"], Json(false));
}

}  // namespace
}  // namespace runpin
