// FIELD_* handles that differ from the standard names, through the real program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/adapters/temp_dir.h"
#include "tests/support/sample_workspace.h"

namespace runpin::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class PinnedFieldNames : public ::testing::Test {
 protected:
  TempDir dir_;
  SampleWorkspace workspace_{dir_.path()};
};

// Fields go by the names that the registry pins, in every artifact, and are read back by them.
TEST_F(PinnedFieldNames, AreUsedEverywhereAndTheRunAdvances) {
  const std::map<std::string, std::string> names{{"platform_run_id", "run_ref"},
                                                 {"scenario_run_id", "scenario_ref"},
                                                 {"phase_id", "phase"},
                                                 {"config_digest", "settings_hash"},
                                                 {"written_at_utc", "at"}};
  const std::string registry = "handles.registry.md";
  workspace_.replace(registry, "FIELD_PLATFORM_RUN_ID = \"platform_run_id\"",
                     "FIELD_PLATFORM_RUN_ID = \"run_ref\"");
  workspace_.replace(registry, "FIELD_SCENARIO_RUN_ID = \"scenario_run_id\"",
                     "FIELD_SCENARIO_RUN_ID = \"scenario_ref\"");
  workspace_.replace(registry, "FIELD_PHASE_ID = \"phase_id\"", "FIELD_PHASE_ID = \"phase\"");
  workspace_.replace(registry, "FIELD_CONFIG_DIGEST = \"config_digest\"",
                     "FIELD_CONFIG_DIGEST = \"settings_hash\"");
  workspace_.replace(registry, "CONFIG_DIGEST_FIELD = \"config_digest\"",
                     "CONFIG_DIGEST_FIELD = \"settings_hash\"");
  workspace_.replace(registry, "oracle_sort_key_by_output_id,config_digest\"",
                     "oracle_sort_key_by_output_id,settings_hash\"");
  workspace_.replace(registry, "FIELD_WRITTEN_AT_UTC = \"written_at_utc\"",
                     "FIELD_WRITTEN_AT_UTC = \"at\"");
  workspace_.replace(registry, "REQUIRED_FIELDS = \"phase_id,phase_execution_id,window",
                     "REQUIRED_FIELDS = \"phase,phase_execution_id,window");
  const Json report = workspace_.json({"run", "--now", k_sample_now});
  EXPECT_EQ(report["verdict"], Json("ADVANCE_TO_M4"));
  EXPECT_EQ(report["platform_run_id"], Json("platform_20260223T174307Z"));
  for (const auto& [key, bytes] : workspace_.durable()) {
    if (key.ends_with("claim.json") || key.ends_with("reservation.json")) continue;
    const Json body = parsed(bytes);
    for (const auto& [standard, pinned] : names)
      EXPECT_EQ(body.find(standard), nullptr) << key << " has " << standard;
  }
  const Json run =
      parsed(workspace_.durable().at("evidence/runs/platform_20260223T174307Z/run.json"));
  for (const auto& [standard, pinned] : names) EXPECT_NE(run.find(pinned), nullptr) << pinned;
  EXPECT_EQ(run["scenario_equivalence_payload"]["settings_hash"], run["settings_hash"]);
  EXPECT_EQ(workspace_.json({"status"}), report);
}

TEST_F(PinnedFieldNames, ThatTheOutcomeReceiptIsNotAskedForHoldTheRun) {
  workspace_.replace("handles.registry.md", "FIELD_PHASE_ID = \"phase_id\"",
                     "FIELD_PHASE_ID = \"phase\"");
  const Json report = workspace_.json({"run", "--now", k_sample_now});
  EXPECT_NE(report["exit_code"], Json(0));
  EXPECT_EQ(report["lanes"].items()[7]["blockers"].items()[0]["code"], Json("M3H-B6"));
}

TEST_F(PinnedFieldNames, ThatCollideAreRefusedBeforeAnythingIsWritten) {
  const std::string registry = workspace_.read("handles.registry.md");
  for (const char* name :
       {"scenario_run_id", "lane", "blockers", "digest_algo", "receipts", "facts", "m4_entry_ready",
        "supersedes", "orchestrator", "run_json_key", "field_names", "1st", "a b", "é"}) {
    workspace_.write("handles.registry.md", registry);
    workspace_.replace("handles.registry.md", "FIELD_PLATFORM_RUN_ID = \"platform_run_id\"",
                       std::string("FIELD_PLATFORM_RUN_ID = \"") + name + "\"");
    const Finished done = workspace_.runpin({"run", "--now", k_sample_now});
    EXPECT_EQ(done.exit_code, 2) << name;
    EXPECT_THAT(lines_of(done.err), SizeIs(1)) << done.err;
    EXPECT_THAT(done.err, HasSubstr("handles.registry.md:")) << name;
    EXPECT_THAT(workspace_.durable(), SizeIs(0)) << name;
  }
}

}  // namespace
}  // namespace runpin::testing
