// A lane that does not hold stops its readers, is rolled up and explained, and once mended the run
// goes on at that lane. One row a lane, each with a fault as users meet it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/adapters/temp_dir.h"
#include "tests/cli/runpin_program.h"
#include "tests/support/sample_workspace.h"

namespace runpin::testing {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* k_later = "2026-02-23T18:00:00Z";
constexpr const char* k_later_stamp = "20260223T180000Z";

struct Edit {
  std::string file;
  std::string sound;
  std::string faulty;
};

struct Hold {
  std::string name;
  char lane;
  std::string code;
  std::vector<Edit> edits;
  bool after_the_lane_before = false;  // the fault comes in between that lane and this one
};

const std::string k_registry = "handles.registry.md";
const std::string k_role = "role/kestrel-parcel-run-orchestrator";

const std::vector<Hold>& holds() {
  static const std::vector<Hold> k_holds{
      {"ReceiptThatIsNotReady",
       'a',
       "M3A-B3",
       {{"inputs/m2j_m3_entry_readiness_receipt.json", "\"m3_entry_ready\": true",
         "\"m3_entry_ready\": false"}}},
      {"HandleWithoutAValue",
       'a',
       "M3A-B2",
       {{k_registry, "`SR_READY_COMMIT_AUTHORITY = \"step_functions_only\"`",
         "`SR_READY_COMMIT_AUTHORITY`"}}},
      {"UnknownDerivationMode",
       'b',
       "M3B-B3",
       {{k_registry, "\"deterministic_hash_v1\"", "\"deterministic_hash_v9\""}}},
      {"ManifestThatIsCutOff",
       'c',
       "M3C-B1",
       {{"inputs/input_manifest.json", "\"outputs\": [", "\"outputs\": "}},
       true},
      {"RoleThatIsNotThePinnedOne",
       'd',
       "M3D-B3",
       {{k_registry, k_role, "role/someone-else"},
        {"inputs/runtime.outputs.json", k_role, "role/someone-else"}}},
      {"RunJsonKeyThatIsNotTheRunsOwn",
       'e',
       "M3E-B2",
       {{k_registry, "evidence/runs/{platform_run_id}/run.json", "evidence/runs/run.json"}}},
      {"CorrelationFieldMissing",
       'f',
       "M3F-B3",
       {{k_registry, "runtime_lane,trace_id\"", "runtime_lane\""}}},
      {"RunbookWithoutALaw",
       'g',
       "M3G-B1",
       {{"docs/run_process_flow.md", "Rerun from failed phase boundary", "Rerun from anywhere"}}},
      {"ThresholdsOutOfOrder",
       'h',
       "M3H-B5",
       {{k_registry, "DEV_FULL_BUDGET_ALERT_1_USD = 180", "DEV_FULL_BUDGET_ALERT_1_USD = 401"}}}};
  return k_holds;
}

bool any_code(const Json& blockers, const std::string& code) {
  for (const Json& blocker : blockers.items())
    if (blocker["code"].text() == code) return true;
  return false;
}

class Holds : public ::testing::TestWithParam<Hold> {
 protected:
  void spoil() const {
    for (const Edit& edit : GetParam().edits)
      workspace_.replace(edit.file, edit.sound, edit.faulty);
  }
  void mend() const {
    for (const Edit& edit : GetParam().edits)
      workspace_.replace(edit.file, edit.faulty, edit.sound);
  }

  // A run that is held at the row's lane; what it printed, and the stamp of the held attempt.
  Finished hold() {
    if (!GetParam().after_the_lane_before) {
      spoil();
      return workspace_.runpin({"run", "--now", k_sample_now, "--json"});
    }
    const std::string before(1, static_cast<char>(GetParam().lane - 1));
    workspace_.runpin({"run", "--to", before, "--now", "2026-02-23T17:00:00Z"});
    spoil();
    return workspace_.runpin({"resume", "--now", k_sample_now, "--json"});
  }

  std::size_t lane() const { return static_cast<std::size_t>(GetParam().lane - 'a'); }
  static std::string id(char letter, const char* stamp) {
    return std::string("m3") + letter + "_" + stamp;
  }

  TempDir dir_;
  SampleWorkspace workspace_{dir_.path()};
};

TEST_P(Holds, StopTheReadersWithTheReasonAndAreRolledUp) {
  const Finished held = hold();
  const Json report = parsed(held.out);
  EXPECT_EQ(held.exit_code, 3) << held.out << held.err;
  EXPECT_EQ(report["exit_code"], Json(3));
  EXPECT_EQ(report["verdict"], Json("HOLD_M3"));
  EXPECT_EQ(report["hold_class"], Json("HOLD_REMEDIATE"));
  const auto& lanes = report["lanes"].items();
  ASSERT_EQ(lanes.size(), 10u);
  for (std::size_t i = 0; i < 8; ++i) {
    const std::string state = i < lane() ? "green" : i == lane() ? "held" : "stopped";
    EXPECT_EQ(lanes[i]["state"], Json(state)) << lanes[i]["lane"].text();
    if (i > lane()) {
      EXPECT_THAT(lanes[i]["reason"].text(), HasSubstr(lanes[lane()]["lane"].text() + " is held"));
      EXPECT_EQ(lanes[i]["execution_id"], Json());
      EXPECT_EQ(lanes[i]["blockers"], Json(Json::Array{}));
    }
  }
  EXPECT_EQ(lanes[8]["state"], Json("held"));
  EXPECT_EQ(lanes[9]["state"], Json("held"));
  EXPECT_TRUE(any_code(lanes[lane()]["blockers"], GetParam().code)) << held.out;

  const Json blockers = lanes[lane()]["blockers"];
  const Json rolled_up = workspace_.artifact(id('i', k_sample_stamp), "m3i_blocker_register.json");
  for (const Json& blocker : blockers.items()) {
    const auto& unresolved = rolled_up["unresolved"].items();
    EXPECT_NE(std::find(unresolved.begin(), unresolved.end(), blocker), unresolved.end());
  }
  EXPECT_EQ(workspace_.artifact(id('i', k_sample_stamp), "m3i_p1_verdict.json")["verdict"],
            Json("HOLD_REMEDIATE"));
  const Json receipt =
      workspace_.artifact(id('j', k_sample_stamp), "m4_entry_readiness_receipt.json");
  EXPECT_EQ(receipt["m4_entry_ready"], Json(false));
  EXPECT_EQ(receipt["verdict"], Json("HOLD_M3"));
  for (const auto& [key, bytes] : workspace_.durable())
    for (const char* advance : {"\"ADVANCE_TO_M4\"", "\"ADVANCE_TO_M3J\""})
      EXPECT_THAT(bytes, Not(HasSubstr(std::string("verdict\": ") + advance))) << key;
}

TEST_P(Holds, AreShownAlikeByStatus) {
  const Json report = parsed(hold().out);
  EXPECT_EQ(workspace_.json({"status"}), report);
  const Finished shown = runpin(workspace_.root(), {"status"});
  EXPECT_EQ(shown.exit_code, 3);
  const std::string lines = unwrapped(shown.out);
  for (const Json& blocker : report["lanes"].items().at(lane())["blockers"].items())
    for (const char* part : {"code", "message", "expected", "found", "where", "fix"}) {
      EXPECT_FALSE(blocker[part].text().empty()) << part;
      EXPECT_THAT(lines, HasSubstr(blocker[part].text())) << part;
    }
  EXPECT_THAT(shown.out, EndsWith("verdict   HOLD_M3 (HOLD_REMEDIATE)\n"));
}

TEST_P(Holds, AreResumedAtTheFailedLaneOnceMended) {
  const Json held = parsed(hold().out);
  const auto before = workspace_.durable();
  const auto local_before = workspace_.local();
  mend();
  const Json report = workspace_.json({"resume", "--now", k_later});
  EXPECT_EQ(report["verdict"], Json("ADVANCE_TO_M4"));
  EXPECT_EQ(report["exit_code"], Json(0));
  for (std::size_t i = 0; i < 10; ++i) {
    const char letter = static_cast<char>('a' + i);
    if (i < lane()) {
      EXPECT_EQ(report["lanes"].items()[i], held["lanes"].items()[i]);
      continue;
    }
    EXPECT_EQ(report["lanes"].items()[i]["execution_id"], Json(id(letter, k_later_stamp)));
    const Json summary = workspace_.artifact(
        id(letter, k_later_stamp), std::string("m3") + letter + "_execution_summary.json");
    const bool was_held = i == lane() || i >= 8;
    EXPECT_EQ(summary["supersedes"], was_held ? Json(id(letter, k_sample_stamp)) : Json());
  }
  const auto after = workspace_.durable();
  for (const auto& [key, bytes] : before) EXPECT_EQ(after.at(key), bytes) << key;
  const auto local_after = workspace_.local();
  for (const auto& [name, bytes] : local_before) EXPECT_EQ(local_after.at(name), bytes) << name;

  const Json rolled_up = workspace_.artifact(id('i', k_later_stamp), "m3i_blocker_register.json");
  EXPECT_EQ(rolled_up["unresolved"], Json(Json::Array{}));
  Json expected = Json::Array{};
  for (const Json& blocker : held["lanes"].items()[lane()]["blockers"].items())
    expected.push(Json(blocker).set("execution_id", id(GetParam().lane, k_sample_stamp)));
  EXPECT_EQ(rolled_up["resolved"], expected);
  EXPECT_EQ(workspace_.json({"status"}), report);
}

TEST_P(Holds, AreHeldAgainByResumeWhileNothingIsMended) {
  hold();
  const Json report = workspace_.json({"resume", "--now", k_later});
  EXPECT_EQ(report["exit_code"], Json(3));
  EXPECT_TRUE(any_code(report["lanes"].items().at(lane())["blockers"], GetParam().code));
  mend();
  const Json mended = workspace_.json({"resume", "--now", "2026-02-23T19:00:00Z"});
  EXPECT_EQ(mended["verdict"], Json("ADVANCE_TO_M4"));
  const Json summary =
      workspace_.artifact(id(GetParam().lane, "20260223T190000Z"),
                          std::string("m3") + GetParam().lane + "_execution_summary.json");
  EXPECT_EQ(summary["supersedes"], Json(id(GetParam().lane, k_later_stamp)));
}

INSTANTIATE_TEST_SUITE_P(Table, Holds, ::testing::ValuesIn(holds()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace runpin::testing
