#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/runpin_program.h"

namespace runpin::testing {
namespace {

using ::testing::HasSubstr;

constexpr const char* k_machine =
    "arn:aws:states:eu-central-1:111122223333:stateMachine:kestrel-parcel-platform-run-v0";
constexpr const char* k_execution =
    "arn:aws:states:eu-central-1:111122223333:execution:kestrel-parcel-platform-run-v0:";

class OrchestratorCommand : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(runpin(dir_.path(), {"init", "w", "--sample"}).exit_code, 0); }
  Finished orchestrator(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"-w", "w", "orchestrator"});
    return runpin(dir_.path(), std::move(arguments));
  }
  Json listed() { return json_of(orchestrator({"list", "--json"}).out)["state_machines"]; }
  TempDir dir_;
};

TEST_F(OrchestratorCommand, SampleHasTheStateMachineOfItsRegistry) {
  const Json machines = listed();
  ASSERT_EQ(machines.items().size(), 1u);
  const Json& machine = machines.items()[0];
  EXPECT_EQ(machine["arn"], Json(k_machine));
  EXPECT_EQ(machine["role_arn"],
            Json("arn:aws:iam::111122223333:role/kestrel-parcel-run-orchestrator"));
  EXPECT_EQ(machine["status"], Json("ACTIVE"));
  EXPECT_TRUE(machine["executions"].items().empty());
}

TEST_F(OrchestratorCommand, ExecutionsStartStopAndStayListed) {
  const auto started = orchestrator({"start", "first", "--input", "{\"platform_run_id\": \"x\"}"});
  EXPECT_EQ(started.exit_code, 0) << started.err;
  EXPECT_EQ(started.out, std::string(k_execution) + "first\n");
  EXPECT_EQ(orchestrator({"list"}).out, "RUNNING   first kestrel-parcel-platform-run-v0\n");
  EXPECT_EQ(orchestrator({"stop", "first"}).out, "ABORTED first\n");
  EXPECT_EQ(orchestrator({"list"}).out, "ABORTED   first kestrel-parcel-platform-run-v0\n");
}

TEST_F(OrchestratorCommand, StartRefusesInputThatIsNoJson) {
  const auto done = orchestrator({"start", "first", "--input", "{"});
  EXPECT_EQ(done.exit_code, 2);
  EXPECT_THAT(done.err, HasSubstr("--input:1:2"));
  EXPECT_TRUE(listed().items()[0]["executions"].items().empty());
}

TEST_F(OrchestratorCommand, StartRefusesANameThatWasUsed) {
  ASSERT_EQ(orchestrator({"start", "first"}).exit_code, 0);
  ASSERT_EQ(orchestrator({"stop", "first"}).exit_code, 0);
  EXPECT_EQ(orchestrator({"start", "first"}).exit_code, 2);
}

TEST_F(OrchestratorCommand, CreateMakesAnotherAndIsIdempotent) {
  for (int i = 0; i < 2; ++i) {
    const auto done =
        orchestrator({"create", "other", "--role", "arn:aws:iam::444455556666:role/r"});
    EXPECT_EQ(done.exit_code, 0) << done.err;
    EXPECT_EQ(done.out, "arn:aws:states:eu-central-1:444455556666:stateMachine:other\n");
  }
  EXPECT_EQ(listed().items().size(), 2u);
  EXPECT_EQ(orchestrator({"start", "e", "--machine", "other"}).out,
            "arn:aws:states:eu-central-1:444455556666:execution:other:e\n");
}

TEST_F(OrchestratorCommand, CreateTakesNameAndRoleFromTheRegistry) {
  EXPECT_EQ(orchestrator({"create"}).out, std::string(k_machine) + "\n");
  EXPECT_EQ(listed().items().size(), 1u);
}

TEST_F(OrchestratorCommand, RefusesWhatItCannotMakeOrFind) {
  struct Case {
    std::vector<std::string> arguments;
    std::string says;
  };
  for (const Case& c : std::vector<Case>{
           {{"create", "kestrel-parcel-platform-run-v0", "--role",
             "arn:aws:iam::111122223333:role/other"},
            "role"},
           {{"create", "a b"}, "cannot name a state machine"},
           {{"create", "x", "--role", "no-arn"}, "--role is no IAM role ARN"},
           {{"start", "e", "--machine", "nowhere"}, "there is no state machine 'nowhere'"},
           {{"stop", "never-started"}, "no such execution"}}) {
    const auto done = orchestrator(c.arguments);
    EXPECT_EQ(done.exit_code, 2) << done.err;
    EXPECT_THAT(done.err, HasSubstr(c.says));
    EXPECT_EQ(lines_of(done.err).size(), 1u);
  }
  EXPECT_EQ(listed().items().size(), 1u);
}

TEST_F(OrchestratorCommand, NamesTheSettingWhenTheWorkspaceUsesAnotherOne) {
  std::string settings = read_file(dir_.path() / "w/runpin.toml");
  const std::string kind = "kind = \"sqlite:.runpin/platform.db\"";
  settings.replace(settings.find(kind), kind.size(), "kind = \"step-functions\"");
  write_file(dir_.path() / "w/runpin.toml", settings);
  const auto done = orchestrator({"list"});
  EXPECT_EQ(done.exit_code, 2);
  EXPECT_THAT(done.err, HasSubstr("runpin: w/runpin.toml:"));
}

}  // namespace
}  // namespace runpin::testing
