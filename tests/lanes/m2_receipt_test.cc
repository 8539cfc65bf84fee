#include "runpin/lanes/m2_receipt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "tests/adapters/temp_dir.h"

namespace runpin {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

Json receipt_of(const std::string& text) {
  return read_json(text, "receipt").value();
}

Json sample() {
  return receipt_of(testing::read_file(
      RUNPIN_SOURCE_DIR "/src/runpin/cli/sample/inputs/m2j_m3_entry_readiness_receipt.json"));
}

// What is found wrong with `receipt`, "" when nothing is.
std::string flaw_of(const Json& receipt) {
  return m2_receipt_flaw(m2_receipt_says(receipt),
                         Instant::parse_rfc3339("2026-02-23T17:43:07Z").value())
      .found;
}

TEST(M2Receipt, ThatSaysOtherwiseInOtherWordsIsRefused) {
  for (const char* text : {R"({"m3_entry_ready": true, "m3.entry.ready": false})",
                           R"({"m3_entry_ready": true, "verdict ": "HOLD_M2"})",
                           R"({"m3_entry_ready": true, "final_verdict": "HOLD_M2"})",
                           R"({"m3_entry_ready": true, "open_blockers": ["x"]})",
                           R"({"m3_entry_ready": true, "expired": true})",
                           R"({"m3_entry_ready": true, "failed": true})",
                           R"({"m3_entry_ready": true, "lanes": [{"blockers": ["M2C-B1"]}]})",
                           R"({"m3_entry_ready": true, "lanes": [{"blocker_count": 2}]})",
                           R"({"m3_entry_ready": true, "lanes": [{"verdict": "HOLD_M2"}]})",
                           R"({"m3_entry_ready": true, "summary": {"Status": "Not-Ready"}})",
                           R"({"m3_entry_ready": true, "cancelled": true})",
                           R"({"m3_entry_ready": true, "lanes": [{"passed": false}]})",
                           R"({"m3_entry_ready": true, "lanes": [{"failed": 3}]})",
                           R"({"m3_entry_ready": true, "lanes": [{"revoked": true}]})",
                           R"({"m3_entry_ready": true, "m2_status": "FAILED"})",
                           R"({"m3_entry_ready": true, "overallVerdict": "DO_NOT_ADVANCE"})",
                           R"({"m3_entry_ready": true, "go_no_go": "NO_GO"})",
                           R"({"m3_entry_ready": true, "ready_for_m3": false})",
                           R"({"m3_entry_ready": true, "valid": false})",
                           R"({"m3_entry_ready": true, "written_at_utc": "2099-01-01T00:00:00Z"})",
                           R"({"m3_entry_ready": true, "closed_at_utc": "2099-01-01T00:00:00Z"})"})
    EXPECT_NE(flaw_of(receipt_of(text)), "") << text;
}

TEST(M2Receipt, OfAClosedM2SaysReady) {
  EXPECT_EQ(flaw_of(sample()), "");
  for (const char* text :
       {R"({"m3_entry_ready": true})",
        R"({"m3_entry_ready": true, "verdict": "ADVANCE_TO_M3", "hold_class": null, "other": [1]})",
        R"({"m3_entry_ready": true, "overall_pass": true, "next_gate": "M2_DONE_M3_READY",
            "execution_id": "m2j_20260223T061612Z", "lane": "M2.J", "blockers": 0})",
        R"({"m3_entry_ready": true, "execution_id": "m2j_20260223T061612Z_01", "phase": "M2.J",
            "generated_at_utc": "2026-02-23T06:16:12.123456+00:00"})",
        R"({"m3_entry_ready": true, "ended_at_utc": "2026-02-23T17:43:07Z"})",
        R"({"m3_entry_ready": true, "status": "PASS", "superseded_by": null, "revoked": false,
            "lanes": [{"lane": "M2.A", "overall_pass": true, "unresolved_blockers": [],
                       "verdict": "PASS", "status": "READY", "next_gate": "M2.B_READY"}],
            "execution_id": "m2j_20260223T061612Z", "captured_at_utc": "2026-02-23T06:16:12Z"})"})
    EXPECT_EQ(flaw_of(receipt_of(text)), "") << text;
}

TEST(M2Receipt, IsRefusedForAnyFieldThatDoesNotAgree) {
  const std::pair<const char*, const char*> k_wrong[] = {
      {"m3_entry_ready", "false"},
      {"m3_entry_ready", "null"},
      {"m3_entry_ready", "\"true\""},
      {"m3_entry_ready", "1"},
      {"verdict", "\"HOLD_M2\""},
      {"verdict", "null"},
      {"verdict", "[\"ADVANCE_TO_M3\"]"},
      {"overall_pass", "false"},
      {"overall_pass", "null"},
      {"blocker_count", "1"},
      {"blocker_count", "null"},
      {"blockers", R"([{"code": "M2-B1"}])"},
      {"blockers", "{}"},
      {"blockers", R"({"type": "array", "size": 0})"},
      {"blockers", "null"},
      {"unresolved_blockers", "[1]"},
      {"hold_class", "\"NO_GO_RESET_REQUIRED\""},
      {"hold_class", "\"\""},
      {"next_gate", "\"HOLD\""},
      {"next_gate", "null"},
      {"phase", "\"M20\""},
      {"phase", "\"M1\""},
      {"phase", "null"},
      {"phase_id", "\"P5\""},
      {"phase_id", "\"P\""},
      {"lane", "\"M2.C\""},
      {"lane", "\"M3.J\""},
      {"execution_id", "\"m5j_20250101T061200Z\""},
      {"execution_id", "\"m2c_20250101T061200Z\""},
      {"execution_id", "\"m2j_\""},
      {"execution_id", "\"m2j_20250101T061200Z_x1\""},
      {"execution_id", "\"m2j_20300101T061200Z\""},
      {"execution_id", "null"},
      {"started_at_utc", "\"yesterday\""},
      {"ended_at_utc", "\"2030-01-01T00:00:00Z\""},
      {"ended_at_utc", "\"2024-01-01T00:00:00Z\""},
      {"ended_at_utc", "null"},
      {"generated_at_utc", "\"2026-02-23T17:43:08Z\""},
      {"captured_at_utc", "\"2025-01-01T06:11:59Z\""},
      {"m3-entry-ready", "false"},
      {"M3EntryReady", "false"},
      {"Overall_Pass", "false"},
      {"VERDICT", "\"HOLD_M2\""},
      {"m2_verdict", "\"HOLD_M2\""},
      {"status", "\"FAILED\""},
      {"status", "\"in progress\""},
      {"result", "false"},
      {"decision", "\"NO_GO_RESET_REQUIRED\""},
      {"ready", "false"},
      {"revoked", "true"},
      {"dry_run", "true"},
      {"superseded_by", "\"m2j_20250101T061300Z\""},
      {"m4_entry_ready", "true"},
      {"next_phase", "\"M2\""},
      {"summary", R"({"overall_pass": false})"},
      {"lanes", R"([{"lane": "M2.A", "overall_pass": true}, {"hold_class": "HOLD_REMEDIATE"}])"},
      {"rollup", R"({"deep": [{"m3_entry_ready": false}]})"},
      {"register", R"({"unresolved_blockers": [{"code": "M2-B1"}]})"}};
  for (const auto& [field, value] : k_wrong) {
    const Json wrong = receipt_of(value);
    EXPECT_THAT(flaw_of(sample().set(field, wrong)), HasSubstr(field)) << value;
  }
  EXPECT_EQ(flaw_of(receipt_of(R"({"m3_entry_ready":true,"verdict":null,"overall_pass":null,)"
                               R"("hold_class":"NO_GO"})")),
            "verdict null");
  EXPECT_EQ(flaw_of(receipt_of("{}")), "no field m3_entry_ready");
  EXPECT_EQ(flaw_of(receipt_of("[true]")), "no field m3_entry_ready");
}

TEST(M2Receipt, SaysWhatHelpsForEachFlaw) {
  const auto fix = [](const Json& receipt) {
    return m2_receipt_flaw(m2_receipt_says(receipt),
                           Instant::parse_rfc3339("2026-02-23T17:43:07Z").value())
        .fix;
  };
  EXPECT_EQ(fix(sample()), "");
  EXPECT_EQ(fix(sample().set("m3_entry_ready", false)),
            "point inputs.m2_receipt at the receipt of a closed M2 run");
  EXPECT_THAT(fix(sample().set("lane", "M2.C")), HasSubstr("this one is of another lane or phase"));
  EXPECT_THAT(fix(sample().set("execution_id", "m2c_20250101T061200Z")),
              HasSubstr("this one is of another lane or phase"));
  EXPECT_THAT(fix(sample().set("ended_at_utc", "2030-01-01T00:00:00Z")),
              HasSubstr("correct the clock"));
}

TEST(M2Receipt, IsHeldInFactsWithoutDepthLengthOrSecret) {
  Json deep = Json::Array{};
  for (int i = 0; i < 509; ++i) deep = array({deep});
  const Json says = m2_receipt_says(sample()
                                        .set("lane", deep)
                                        .set("phase", std::string(1 << 20, 'x'))
                                        .set("verdict",
                                             "AKIA"
                                             "Z7QW3MXK5RTP2LHV")
                                        .set("blocker_count", JsonNumber{std::string(5000, '9')}));
  EXPECT_EQ(canonical(says["lane"]), R"({"size":1,"type":"array"})");
  EXPECT_THAT(says["phase"].text(), SizeIs(::testing::Le(250)));
  EXPECT_THAT(says["verdict"].text(), HasSubstr("withheld"));
  EXPECT_THAT(canonical(says), SizeIs(::testing::Le(1000)));
}

}  // namespace
}  // namespace runpin
