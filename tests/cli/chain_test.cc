// What a user gets from run, resume, status and list, through the real program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/adapters/temp_dir.h"
#include "tests/support/sample_workspace.h"

namespace runpin::testing {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::SizeIs;

Json document(const Finished& done) {
  return parsed(done.out);
}

std::vector<std::string> states(const Json& report) {
  std::vector<std::string> all;
  for (const Json& lane : report["lanes"].items()) all.push_back(lane["state"].text());
  return all;
}

std::string execution(const Json& report, std::size_t lane) {
  return report["lanes"].items().at(lane)["execution_id"].text();
}

class ChainCommands : public ::testing::Test {
 protected:
  TempDir dir_;
  SampleWorkspace workspace_{dir_.path()};
};

TEST_F(ChainCommands, RunAdvancesAndSaysWhereItsEvidenceLies) {
  const Finished done = workspace_.runpin({"run", "--now", k_sample_now});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(done.err, "");
  EXPECT_THAT(done.out, EndsWith("verdict   ADVANCE_TO_M4\n"));
  const std::string summary =
      "evidence/run_control/m3j_20260223T174307Z/m3j_execution_summary.json";
  EXPECT_THAT(done.out, HasSubstr(summary + " in sqlite:.runpin/platform.db"));
  EXPECT_TRUE(workspace_.durable().contains(summary));
}

TEST_F(ChainCommands, RunJsonHoldsExactlyWhatWasPromised) {
  const Json report = workspace_.json({"run", "--now", k_sample_now});
  for (const char* field : {"platform_run_id", "scenario_run_id", "config_digest", "verdict",
                            "hold_class", "exit_code", "lanes"})
    EXPECT_NE(report.find(field), nullptr) << field;
  EXPECT_EQ(report.members().size(), 7u);
  EXPECT_EQ(report["verdict"], Json("ADVANCE_TO_M4"));
  EXPECT_EQ(report["hold_class"], Json());
  EXPECT_EQ(report["exit_code"], Json(0));
  ASSERT_EQ(report["lanes"].items().size(), 10u);
  for (const Json& lane : report["lanes"].items()) {
    EXPECT_EQ(lane["overall_pass"], Json(true));
    EXPECT_EQ(lane["blockers"], Json(Json::Array{}));
  }
}

TEST_F(ChainCommands, RunJsonHasTheRootThatVerifyTakes) {
  const Json report = workspace_.json({"run", "--now", k_sample_now});
  const Json& verdict = report["lanes"].items().back();
  EXPECT_EQ(verdict["summary_key"],
            Json("evidence/run_control/m3j_20260223T174307Z/m3j_execution_summary.json"));
  EXPECT_EQ(workspace_.runpin({"verify", "--root", verdict["summary_sha256"].text()}).exit_code, 0);
  const Json& another = report["lanes"].items().front();
  EXPECT_NE(workspace_.runpin({"verify", "--root", another["summary_sha256"].text()}).exit_code, 0);
}

TEST_F(ChainCommands, ASecondRunGetsAnIdOfItsOwn) {
  const Json first = workspace_.json({"run", "--now", k_sample_now});
  const Json second = workspace_.json({"run", "--now", "2026-02-23T17:43:08Z"});
  EXPECT_EQ(first["platform_run_id"], Json("platform_20260223T174307Z"));
  EXPECT_EQ(second["platform_run_id"], Json("platform_20260223T174308Z"));
  EXPECT_EQ(first["scenario_run_id"], second["scenario_run_id"]);
  EXPECT_EQ(first["config_digest"], second["config_digest"]);
  EXPECT_EQ(second["exit_code"], Json(0));
}

TEST_F(ChainCommands, TheSameInstantTwiceTakesTheNextSuffixForStampAndRunId) {
  workspace_.json({"run", "--now", k_sample_now});
  const auto before = workspace_.durable();
  const Json second = workspace_.json({"run", "--now", k_sample_now});
  EXPECT_EQ(second["exit_code"], Json(0));
  EXPECT_EQ(second["platform_run_id"], Json("platform_20260223T174307Z_01"));
  for (std::size_t lane = 0; lane < 10; ++lane)
    EXPECT_THAT(execution(second, lane), EndsWith("_20260223T174307Z_01"));
  const Json snapshot =
      workspace_.artifact("m3b_20260223T174307Z_01", "m3b_run_id_generation_snapshot.json");
  EXPECT_EQ(snapshot["collision_detected"], Json(true));
  EXPECT_EQ(snapshot["candidate_platform_run_id"], Json("platform_20260223T174307Z"));
  const auto after = workspace_.durable();
  for (const auto& [key, bytes] : before) EXPECT_EQ(after.at(key), bytes) << key;
}

TEST_F(ChainCommands, ListShowsEveryRunNewestFirst) {
  workspace_.json({"run", "--now", k_sample_now});
  workspace_.json({"run", "--now", "2026-02-23T17:43:09Z"});
  workspace_.json({"run", "--now", "2026-02-23T17:43:08Z", "--to", "c"});
  std::vector<std::string> ids;
  const Json listed = workspace_.json({"list"});
  for (const Json& entry : listed["runs"].items()) ids.push_back(entry["platform_run_id"].text());
  EXPECT_THAT(ids, ::testing::ElementsAre("platform_20260223T174309Z", "platform_20260223T174308Z",
                                          "platform_20260223T174307Z"));
  EXPECT_EQ(listed["runs"].items()[1]["verdict"], Json());
  EXPECT_EQ(listed["runs"].items()[2]["verdict"], Json("ADVANCE_TO_M4"));
}

TEST_F(ChainCommands, StatusFindsARunByItsIdItsStampOrAnExecution) {
  const Json first = workspace_.json({"run", "--now", k_sample_now});
  workspace_.json({"run", "--now", "2026-02-23T17:43:08Z"});
  for (const char* name : {"platform_20260223T174307Z", "20260223T174307Z", "m3d_20260223T174307Z"})
    EXPECT_EQ(workspace_.json({"status", name}), first) << name;
  EXPECT_EQ(workspace_.json({"status"})["platform_run_id"], Json("platform_20260223T174308Z"));
  const Finished unknown = workspace_.runpin({"status", "platform_20200101T000000Z"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(lines_of(unknown.err), SizeIs(1));
}

TEST_F(ChainCommands, ResumeGoesOnBehindTheLastLaneThatWasAskedFor) {
  const Json first = workspace_.json({"run", "--to", "d", "--now", k_sample_now});
  EXPECT_EQ(first["exit_code"], Json(0));
  EXPECT_EQ(first["verdict"], Json());
  EXPECT_THAT(states(first),
              ::testing::ElementsAre("green", "green", "green", "green", "absent", "absent",
                                     "absent", "absent", "absent", "absent"));
  const auto before = workspace_.durable();
  const Json second = workspace_.json({"resume", "--now", "2026-02-23T18:00:00Z"});
  EXPECT_EQ(second["exit_code"], Json(0));
  EXPECT_EQ(second["verdict"], Json("ADVANCE_TO_M4"));
  EXPECT_EQ(second["platform_run_id"], first["platform_run_id"]);
  for (std::size_t lane = 0; lane < 10; ++lane)
    EXPECT_THAT(execution(second, lane),
                EndsWith(lane < 4 ? "20260223T174307Z" : "20260223T180000Z"));
  for (const auto& [key, bytes] : workspace_.durable()) {
    if (before.contains(key)) {
      EXPECT_EQ(bytes, before.at(key)) << key;
      continue;
    }
    if (key.ends_with("/continued_by.json")) continue;  // that it was gone on from
    for (const char* done : {"/m3a_", "/m3b_", "/m3c_", "/m3d_"})
      EXPECT_EQ(key.find(done), std::string::npos) << key;
  }
  EXPECT_EQ(workspace_.json({"list"})["runs"].items().size(), 1u);
}

TEST_F(ChainCommands, ARunCanBeTakenForwardLaneByLane) {
  Json report = workspace_.json({"run", "--to", "a", "--now", k_sample_now});
  EXPECT_EQ(report["platform_run_id"], Json());
  for (char lane = 'b'; lane <= 'j'; ++lane) {
    const std::string now = std::string("2026-02-23T18:00:0") + char('1' + lane - 'b') + "Z";
    report = workspace_.json({"resume", "--to", std::string(1, lane), "--now", now});
    EXPECT_EQ(report["exit_code"], Json(0)) << lane;
    EXPECT_EQ(report["lanes"].items().at(lane - 'a')["state"], Json("green")) << lane;
  }
  EXPECT_EQ(report["verdict"], Json("ADVANCE_TO_M4"));
  EXPECT_EQ(report["platform_run_id"], Json("platform_20260223T180001Z"));
}

TEST_F(ChainCommands, ResumeToALaneThatIsGreenAlreadyIsAMistakeOfTheCommandLine) {
  workspace_.json({"run", "--to", "d", "--now", k_sample_now});
  const auto before = workspace_.durable();
  const Finished done = workspace_.runpin({"resume", "--to", "c"});
  EXPECT_EQ(done.exit_code, 2);
  EXPECT_THAT(lines_of(done.err), SizeIs(1));
  EXPECT_EQ(workspace_.durable(), before);
}

TEST_F(ChainCommands, ResumeOfAFinishedRunSaysThatThereIsNothingToDo) {
  workspace_.json({"run", "--now", k_sample_now});
  const auto before = workspace_.durable();
  const Finished done = workspace_.runpin({"resume"});
  EXPECT_EQ(done.exit_code, 2);
  EXPECT_THAT(lines_of(done.err), SizeIs(1));
  EXPECT_THAT(done.err, HasSubstr("platform_20260223T174307Z is complete with ADVANCE_TO_M4"));
  EXPECT_EQ(workspace_.durable(), before);
}

TEST_F(ChainCommands, ResumeWithoutARunSaysSo) {
  for (const char* command : {"resume", "status"}) {
    const Finished done = workspace_.runpin({command});
    EXPECT_EQ(done.exit_code, 2);
    EXPECT_THAT(lines_of(done.err), SizeIs(1));
    EXPECT_THAT(done.err, HasSubstr("runpin -w " + workspace_.root().string() + " run"));
  }
}

// The newest attempt is the one with the latest instant; a clock that went back must not hide one.
TEST_F(ChainCommands, ResumeAtAnInstantBeforeTheAttemptIsRefused) {
  workspace_.json({"run", "--to", "d", "--now", k_sample_now});
  const auto before = workspace_.durable();
  const Finished done = workspace_.runpin({"resume", "--now", "2026-02-23T17:43:06Z"});
  EXPECT_EQ(done.exit_code, 2);
  EXPECT_THAT(lines_of(done.err), SizeIs(1));
  EXPECT_THAT(done.err, HasSubstr("2026-02-23T17:43:07Z"));
  EXPECT_EQ(workspace_.durable(), before);
  EXPECT_EQ(workspace_.json({"resume", "--now", k_sample_now})["verdict"], Json("ADVANCE_TO_M4"));
}

TEST_F(ChainCommands, ClosureNotesAreAppendedOnceARun) {
  const std::string before = workspace_.read("docs/logbook.md");
  workspace_.json({"run", "--now", k_sample_now});
  workspace_.json({"resume"});
  const std::string after = workspace_.read("docs/logbook.md");
  ASSERT_TRUE(after.starts_with(before));
  const std::string note = after.substr(before.size());
  EXPECT_EQ(note, workspace_.read("docs/platform.build_plan.md")
                      .substr(workspace_.read("docs/platform.build_plan.md").size() - note.size()));
  EXPECT_THAT(note, HasSubstr("2026-02-23T17:43:07Z: M3 verdict ADVANCE_TO_M4"));
  EXPECT_THAT(note, HasSubstr("`platform_20260223T174307Z`"));
  EXPECT_EQ(note.find("<!-- runpin m3j_20260223T174307Z -->"), 1u);
  EXPECT_EQ(note.rfind("<!-- runpin"), 1u);
}

// S1: the identity that M3.B pinned no longer is what the inputs give.
TEST_F(ChainCommands, ANoGoIsRefusedUntilAResetIsOnRecord) {
  workspace_.json({"run", "--to", "b", "--now", k_sample_now});
  const std::string manifest = workspace_.read("inputs/input_manifest.json");
  workspace_.write("inputs/input_manifest.json", manifest + "\n");
  const Finished no_go = workspace_.runpin({"resume", "--now", "2026-02-23T18:00:00Z", "--json"});
  EXPECT_EQ(no_go.exit_code, 4);
  const Json report = document(no_go);
  EXPECT_EQ(report["verdict"], Json("HOLD_M3"));
  EXPECT_EQ(report["hold_class"], Json("NO_GO_RESET_REQUIRED"));
  EXPECT_EQ(report["exit_code"], Json(4));
  EXPECT_EQ(report["lanes"].items()[2]["blockers"].items()[0]["code"], Json("M3C-B4"));
  EXPECT_EQ(workspace_.runpin({"status"}).exit_code, 4);

  workspace_.write("inputs/input_manifest.json", manifest);
  const auto before = workspace_.durable();
  for (const bool json : {false, true}) {
    std::vector<std::string> arguments{"resume", "--now", "2026-02-23T19:00:00Z"};
    if (json) arguments.push_back("--json");
    const Finished refused = workspace_.runpin(arguments);
    EXPECT_EQ(refused.exit_code, 4);
    EXPECT_THAT(lines_of(refused.err), SizeIs(1)) << refused.err;
    EXPECT_THAT(refused.err, HasSubstr(" reset record --class"));
    EXPECT_EQ(document(refused)["exit_code"], json ? Json(4) : Json());
  }
  EXPECT_EQ(workspace_.durable(), before);
  const Finished reset = workspace_.runpin({"reset", "record", "--class", "service_runtime_reset",
                                            "--actor", "ada", "--reason", "manifest restored",
                                            "--scope", "inputs", "--now", "2026-02-23T18:30:00Z"});
  EXPECT_EQ(reset.exit_code, 0) << reset.err;
  const Json resumed = workspace_.json({"resume", "--now", "2026-02-23T19:00:00Z"});
  EXPECT_EQ(resumed["verdict"], Json("ADVANCE_TO_M4"));
  EXPECT_EQ(execution(resumed, 1), "m3b_20260223T174307Z");
  EXPECT_EQ(execution(resumed, 2), "m3c_20260223T190000Z");
}

TEST_F(ChainCommands, ANewRunNeedsNoReset) {
  workspace_.json({"run", "--to", "b", "--now", k_sample_now});
  workspace_.write("inputs/input_manifest.json",
                   workspace_.read("inputs/input_manifest.json") + " ");
  EXPECT_EQ(workspace_.json({"resume", "--now", "2026-02-23T18:00:00Z"})["exit_code"], Json(4));
  EXPECT_EQ(workspace_.json({"run", "--now", "2026-02-23T19:00:00Z"})["verdict"],
            Json("ADVANCE_TO_M4"));
}

TEST_F(ChainCommands, AStoreThatMayNotBeReadIsNoVerdict) {
  workspace_.json({"run", "--to", "b", "--now", k_sample_now});
  std::filesystem::permissions(dir_.path(), std::filesystem::perms::all);
  std::filesystem::permissions(workspace_.database(), std::filesystem::perms::none);
  Program program = workspace_.program({"resume"});
  program.unprivileged = true;
  const Finished done = run(program);
  EXPECT_THAT(done.exit_code, ::testing::AnyOf(1, 2)) << done.err;
  EXPECT_THAT(lines_of(done.err), SizeIs(1)) << done.err;
}

}  // namespace
}  // namespace runpin::testing
