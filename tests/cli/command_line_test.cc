#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/runpin_program.h"

namespace runpin::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

class CommandLine : public ::testing::Test {
 protected:
  Finished run_here(std::vector<std::string> arguments) {
    return runpin(dir_.path(), std::move(arguments));
  }
  TempDir dir_;
};

TEST_F(CommandLine, PrintsVersion) {
  for (const auto& arguments :
       std::vector<std::vector<std::string>>{{"--version"}, {"digest", "--version"}}) {
    const auto done = run_here(arguments);
    EXPECT_EQ(done.exit_code, 0);
    EXPECT_EQ(done.out, "runpin 0.1.0\n");
    EXPECT_EQ(done.err, "");
  }
}

TEST_F(CommandLine, HelpNamesEveryCommandAndTheExitCodes) {
  const auto done = run_here({"--help"});
  EXPECT_EQ(done.exit_code, 0);
  for (const char* word :
       {"init", "registry", "digest", "orchestrator", "HOLD_REMEDIATE", "--json"})
    EXPECT_THAT(done.out, HasSubstr(word));
  EXPECT_EQ(done.err, "");
}

TEST_F(CommandLine, HelpOfACommandIsItsOwn) {
  const auto done = run_here({"registry", "get", "--help"});
  EXPECT_EQ(done.exit_code, 0);
  EXPECT_THAT(done.out, HasSubstr("KEY"));
}

TEST_F(CommandLine, WithoutACommandShowsHelpAndFails) {
  const auto done = run_here({});
  EXPECT_EQ(done.exit_code, 2);
  EXPECT_EQ(done.out, "");
  EXPECT_THAT(done.err, HasSubstr("Usage: runpin"));
}

TEST_F(CommandLine, MisuseIsOneLineThatNamesTheHelp) {
  struct Case {
    std::vector<std::string> arguments;
    std::string says;
  };
  const std::vector<Case> cases = {
      {{"registri"}, "'registri' is no command of `runpin`; did you mean 'registry'?"},
      {{"registry", "gat"}, "'gat' is no command of `runpin registry`; did you mean 'get'?"},
      {{"registry"}, "`runpin registry` needs a command: lint, get, list"},
      {{"--jsno", "digest", "-"}, "'--jsno' is no option"},
      {{"digest", "--jsno", "-"}, "'--jsno' is no option of `runpin digest`"},
      {{"digest"}, "FILE is required"},
      {{"digest", "a", "b"}, "'b' is one argument too many for `runpin digest`"},
      {{"digest", "a", "list"}, "'list' is one argument too many for `runpin digest`"},
      {{"digest", "--mode"}, "--mode"},
      {{"-w"}, "--workspace"},
      {{"init"}, "DIR is required"},
      {{"orchestrator", "stop"}, "EXECUTION is required"},
  };
  for (const Case& c : cases) {
    const auto done = run_here(c.arguments);
    EXPECT_EQ(done.exit_code, 2) << c.says;
    EXPECT_EQ(done.out, "");
    EXPECT_THAT(done.err, StartsWith("runpin: "));
    EXPECT_THAT(done.err, HasSubstr(c.says));
    EXPECT_THAT(done.err, HasSubstr("--help`)"));
    EXPECT_THAT(lines_of(done.err), SizeIs(1));
  }
}

TEST_F(CommandLine, MisuseWithJsonIsADocument) {
  const auto done = run_here({"digest", "a.json", "--jsno", "--json"});
  EXPECT_EQ(done.exit_code, 2);
  const Json document = json_of(done.out);
  EXPECT_EQ(document["exit_code"], Json(2));
  EXPECT_EQ(document["error"]["kind"], Json("usage"));
  EXPECT_THAT(document["error"]["message"].text(), HasSubstr("--jsno"));
  EXPECT_THAT(document["error"]["fix"].text(), Not(IsEmpty()));
  EXPECT_NE(document["error"].find("where"), nullptr);
}

TEST_F(CommandLine, TakesGlobalOptionsBeforeAndBehindTheCommand) {
  write_file(dir_.path() / "a.json", "{}");
  const auto before = run_here({"--json", "digest", "a.json"});
  const auto behind = run_here({"digest", "a.json", "--json"});
  EXPECT_EQ(before.exit_code, 0);
  EXPECT_EQ(before.out, behind.out);
  EXPECT_EQ(json_of(before.out)["sha256"],
            Json("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"));
}

TEST_F(CommandLine, TakesTheWorkspaceFromTheEnvironmentAndPrefersTheOption) {
  auto program = runpin_program(dir_.path(), {"registry", "list"});
  program.set["RUNPIN_WORKSPACE"] = "from_environment";
  EXPECT_THAT(run(program).err, HasSubstr("from_environment"));
  program.command.insert(program.command.end(), {"-w", "from_option"});
  EXPECT_THAT(run(program).err, HasSubstr("from_option"));
}

TEST_F(CommandLine, LostOutputIsAFailure) {
  write_file(dir_.path() / "a.json", "{}");
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"digest", "a.json"}, {"digest", "a.json", "--json"}, {"--version"}, {"--help"}})
    for (const StdoutTo target :
         {StdoutTo::k_closed, StdoutTo::k_full_device, StdoutTo::k_broken_pipe}) {
      auto program = runpin_program(dir_.path(), arguments);
      program.stdout_to = target;
      const auto done = run(program);
      EXPECT_EQ(done.exit_code, 1) << arguments[0] << " " << static_cast<int>(target);
      EXPECT_THAT(done.err, HasSubstr("stdout"));
    }
}

TEST_F(CommandLine, ClosedStdoutNeverReachesAFile) {
  auto program = runpin_program(dir_.path(), {"init", "w", "--sample"});
  program.stdout_to = StdoutTo::k_closed;
  EXPECT_EQ(run(program).exit_code, 1);
  ASSERT_EQ(runpin(dir_.path(), {"init", "other", "--sample"}).exit_code, 0);
  auto made = tree_of(dir_.path() / "w");
  auto expected = tree_of(dir_.path() / "other");
  made.erase(".runpin/platform.db");
  expected.erase(".runpin/platform.db");
  EXPECT_EQ(made, expected);
}

TEST_F(CommandLine, SpeaksTheSameInEveryLocaleAndTimeZone) {
  write_file(dir_.path() / "a.json", "[1.5, 1e22, \"ä\"]");
  auto program = runpin_program(dir_.path(), {"digest", "--canonical", "a.json"});
  const auto plain = run(program);
  program.set = {{"LC_ALL", "de_DE.UTF-8"}, {"LANG", "tr_TR.UTF-8"}, {"TZ", "Asia/Kathmandu"}};
  const auto elsewhere = run(program);
  EXPECT_EQ(plain.out, "[1.5,1e+22,\"ä\"]");
  EXPECT_EQ(elsewhere.out, plain.out);
}

}  // namespace
}  // namespace runpin::testing
