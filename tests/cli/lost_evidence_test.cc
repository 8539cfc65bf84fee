// Evidence that goes, or what a green lane proved that changes, between a run that stopped half way
// and its resume; and keys that would get in the way of what runpin keeps.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/adapters/temp_dir.h"
#include "tests/support/sample_workspace.h"

namespace runpin::testing {
namespace {

using ::testing::HasSubstr;

constexpr const char* k_later = "2026-02-23T18:00:00Z";

class LostEvidence : public ::testing::Test {
 protected:
  void run_to(const char* lane) {
    ASSERT_EQ(workspace_.runpin({"run", "--to", lane, "--now", k_sample_now}).exit_code, 0);
  }
  // A delete marker, as S3 would set one: an insertion, which no trigger refuses.
  void mark_deleted(const std::string& like) const {
    SQLite::Database db(workspace_.database().string(), SQLite::OPEN_READWRITE);
    SQLite::Statement insertion(
        db,
        "INSERT INTO objects (key, version, is_delete_marker, sha256, bytes) SELECT key, "
        "max(version) + 1, 1, NULL, NULL FROM objects WHERE key LIKE ? GROUP BY key");
    insertion.bind(1, like);
    ASSERT_GT(insertion.exec(), 0) << like;
  }
  Finished resume() const { return workspace_.runpin({"resume", "--now", k_later}); }

  TempDir dir_;
  SampleWorkspace workspace_{dir_.path()};
};

TEST_F(LostEvidence, OfTheRunItselfIsFoundThoughItGoesBehindM3G) {
  for (const char* like : {"%/run.json", "%/run_header.json", "%/claim.json"}) {
    SCOPED_TRACE(like);
    TempDir dir;
    workspace_ = SampleWorkspace(dir.path());
    run_to("h");
    mark_deleted(like);
    const Finished done = resume();
    EXPECT_EQ(done.exit_code, 4);
    EXPECT_THAT(done.out, HasSubstr("M3J-B5"));
  }
}

TEST_F(LostEvidence, OfALaneThatOthersWereMadeFromStopsAResume) {
  for (const char lane : std::string("acfg")) {
    SCOPED_TRACE(lane);
    TempDir dir;
    workspace_ = SampleWorkspace(dir.path());
    run_to("h");
    mark_deleted(std::string("%/m3") + lane + "_execution_summary.json");
    const Finished done = resume();
    EXPECT_EQ(done.exit_code, 2);
    EXPECT_THAT(done.err, HasSubstr("whose summary is gone"));
  }
}

TEST_F(LostEvidence, OfAnAttemptIsNoWayAroundItsNoGo) {
  run_to("f");
  const std::string manifest = workspace_.read("inputs/input_manifest.json");
  workspace_.write("inputs/input_manifest.json", manifest + " ");
  ASSERT_EQ(workspace_.runpin({"resume", "--now", "2026-02-23T17:50:00Z"}).exit_code, 4);
  workspace_.write("inputs/input_manifest.json", manifest);
  mark_deleted("%run_control/m3g_%");
  const Finished done = resume();
  EXPECT_EQ(done.exit_code, 2);
  EXPECT_THAT(done.err, HasSubstr("that attempt's reservation is gone"));
  EXPECT_THAT(workspace_.runpin({"list"}).out, HasSubstr("evidence is gone"));
  EXPECT_EQ(workspace_.runpin({"status"}).exit_code, 2);
}

struct Change {
  const char* file;
  const char* from;
  const char* to;
  const char* shows;  // what the refusal is told by
};

TEST_F(LostEvidence, OfAGreenLaneIsAlsoThatItsInputsChangedMeanwhile) {
  for (const Change& change :
       {Change{"inputs/m2j_m3_entry_readiness_receipt.json", "\"m3_entry_ready\": true",
               "\"m3_entry_ready\": false", "M3A-B3"},
        {"docs/run_process_flow.md", "Never rerun by deleting", "Rerun by deleting", "M3G-B1"},
        {"inputs/input_manifest.json", "{", "{ ", "M3G-B2"}}) {
    SCOPED_TRACE(change.file);
    TempDir dir;
    workspace_ = SampleWorkspace(dir.path());
    run_to("g");
    workspace_.replace(change.file, change.from, change.to);
    const Finished done = resume();
    EXPECT_EQ(done.exit_code, 3);
    EXPECT_THAT(done.out, HasSubstr("M3J-B2"));
    EXPECT_THAT(done.out, HasSubstr(change.shows));
    workspace_.replace(change.file, change.to, change.from);
    EXPECT_EQ(workspace_.runpin({"resume", "--now", "2026-02-23T18:10:00Z"}).exit_code, 0);
  }
}

TEST_F(LostEvidence, IsNotMadeByKeysThatLeadAmongWhatRunpinKeeps) {
  for (const Change& change : {Change{"", "evidence/runs/{platform_run_id}/run.json",
                                      "evidence/other/{platform_run_id}/run.json", "M3E-B2"},
                               {"", "evidence/runs/{platform_run_id}/run.json",
                                "evidence/runs/{platform_run_id}/run_pin/claim.json", "M3E-B2"},
                               {"", "{phase_execution_id}/phase_budget_envelope.json",
                                "{phase_execution_id}/reservation.json", "M3H-B1"},
                               {"", "{phase_execution_id}/phase_budget_envelope.json",
                                "m3zz{phase_execution_id}/reservation.json", "M3H-B1"}}) {
    SCOPED_TRACE(change.to);
    TempDir dir;
    workspace_ = SampleWorkspace(dir.path());
    workspace_.replace("handles.registry.md", change.from, change.to);
    const Finished done = workspace_.runpin({"run", "--now", k_sample_now});
    EXPECT_EQ(done.exit_code, 3) << done.out << done.err;
    EXPECT_THAT(done.out, HasSubstr(change.shows));
    EXPECT_EQ(workspace_.runpin({"list"}).exit_code, 0);
  }
}

// A slip in a source's name would leave the handle that was meant unchecked.
TEST(Sources, ThatTheRegistryDoesNotNameAreRefusedAndNothingIsWritten) {
  TempDir dir;
  const SampleWorkspace workspace(dir.path());
  workspace.replace("runpin.toml",
                    "\nROLE_STEP_FUNCTIONS_ORCHESTRATOR =", "\nROLE_STEP_FUNCTION_ORCHESTRATOR =");
  const Finished done = workspace.runpin({"run", "--now", k_sample_now});
  EXPECT_EQ(done.exit_code, 2);
  EXPECT_THAT(done.err, HasSubstr("did you mean ROLE_STEP_FUNCTIONS_ORCHESTRATOR?"));
  EXPECT_TRUE(workspace.durable().empty());
}

TEST(Signing, IsRefusedWhileThereIsNone) {
  TempDir dir;
  const SampleWorkspace workspace(dir.path());
  workspace.write("runpin.toml", workspace.read("runpin.toml") + "\n[signing]\nkey = \"k.pem\"\n");
  const Finished done = workspace.runpin({"run", "--now", k_sample_now});
  EXPECT_EQ(done.exit_code, 2);
  EXPECT_THAT(done.err, HasSubstr("signs none"));
  EXPECT_TRUE(workspace.durable().empty());
}

}  // namespace
}  // namespace runpin::testing
