#include "runpin/gate/closure_note.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace runpin {
namespace {

using ::testing::HasSubstr;

LaneEvidence verdict(const Json& summary) {
  LaneEvidence evidence;
  evidence.state = LaneState::k_green;
  evidence.execution_id = ExecutionId("m3j_20260223T174307Z");
  evidence.summary = object({{"ended_at_utc", "2026-02-23T17:43:07Z"}});
  evidence.summary_key = "e/m3j_20260223T174307Z/m3j_execution_summary.json";
  evidence.summary_sha256 = Sha256(std::string(64, 'f'));
  evidence.artifacts["m3_execution_summary.json"] = summary;
  return evidence;
}

TEST(ClosureNote, TellsAnAdvanceWithTheHashOfItsEvidence) {
  const ClosureNote note = closure_note(verdict(object({{"platform_run_id", "p"},
                                                        {"scenario_run_id", "s"},
                                                        {"config_digest", "d"},
                                                        {"verdict", "ADVANCE_TO_M4"},
                                                        {"hold_class", nullptr},
                                                        {"unresolved_blockers", Json::Array{}}})));
  EXPECT_EQ(note.marker, "<!-- runpin m3j_20260223T174307Z -->");
  EXPECT_EQ(note.text,
            "\n<!-- runpin m3j_20260223T174307Z -->\n"
            "### 2026-02-23T17:43:07Z: M3 verdict ADVANCE_TO_M4\n\n"
            "- Run `p`, scenario `s`, config digest `d`\n"
            "- Unresolved blockers: none\n"
            "- Evidence: `e/m3j_20260223T174307Z/m3j_execution_summary.json`, SHA-256 `" +
                std::string(64, 'f') + "`\n");
}

TEST(ClosureNote, NamesEachUnresolvedCodeOnce) {
  const ClosureNote note = closure_note(verdict(object(
      {{"platform_run_id", nullptr},
       {"verdict", "HOLD_M3"},
       {"hold_class", "HOLD_REMEDIATE"},
       {"unresolved_blockers", array({object({{"code", "M3I-B2"}}), object({{"code", "M3A-B1"}}),
                                      object({{"code", "M3A-B1"}})})}})));
  EXPECT_THAT(note.text, HasSubstr("M3 verdict HOLD_M3 (HOLD_REMEDIATE)\n"));
  EXPECT_THAT(note.text, HasSubstr("- Unresolved blockers: M3A-B1, M3I-B2\n"));
  EXPECT_THAT(note.text, HasSubstr("- Run not pinned, scenario not pinned"));
}

}  // namespace
}  // namespace runpin
