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

namespace fs = std::filesystem;

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
      {{"digest", "--jsno", "-"},
       "'--jsno' is no option of `runpin digest`; did you mean '--json'?"},
      {{"digest", "--cannonical", "-"}, "did you mean '--canonical'?"},
      {{"run", "--noww=2026-02-23T17:43:07Z"}, "did you mean '--now'?"},
      {{"run", "--entirely-different"}, "'--entirely-different' is no option of `runpin run` (see"},
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
    for (const StdoutTo target : {StdoutTo::k_closed, StdoutTo::k_full_device}) {
      auto program = runpin_program(dir_.path(), arguments);
      program.stdout_to = target;
      const auto done = run(program);
      EXPECT_EQ(done.exit_code, 1) << arguments[0] << " " << static_cast<int>(target);
      EXPECT_THAT(done.err, HasSubstr("stdout"));
    }
}

TEST_F(CommandLine, AReaderThatWantsNoMoreIsNoFailure) {
  write_file(dir_.path() / "a.json", "{}");
  ASSERT_EQ(run_here({"init", "w", "--sample"}).exit_code, 0);
  const std::pair<std::vector<std::string>, int> k_cases[] = {
      {{"digest", "a.json"}, 0},
      {{"digest", "a.json", "--json"}, 0},
      {{"--help"}, 0},
      {{"-w", "w", "registry", "list"}, 0},
      {{"-w", "w", "registry", "get", "NO_SUCH_HANDLE", "--json"}, 3}};
  for (const auto& [arguments, code] : k_cases) {
    auto program = runpin_program(dir_.path(), arguments);
    program.stdout_to = StdoutTo::k_broken_pipe;
    const auto done = run(program);
    EXPECT_EQ(done.exit_code, code) << arguments.front() << done.err;
    EXPECT_THAT(done.err, Not(HasSubstr("stdout")));
  }
}

TEST_F(CommandLine, EveryDocumentSaysTheExitCode) {
  write_file(dir_.path() / "a.json", "{}");
  const std::vector<std::vector<std::string>> k_commands{
      {"init", "w", "--sample"},
      {"digest", "a.json"},
      {"digest", "a.json", "--canonical"},
      {"digest", "none.json"},
      {"-w", "w", "list"},
      {"-w", "w", "status"},
      {"-w", "w", "run", "--now", "2026-02-23T17:43:07Z"},
      {"-w", "w", "list"},
      {"-w", "w", "status"},
      {"-w", "w", "resume"},
      {"-w", "w", "explain", "digest"},
      {"-w", "w", "explain", "scenario"},
      {"-w", "w", "registry", "list"},
      {"-w", "w", "registry", "lint"},
      {"-w", "w", "registry", "get", "AWS_REGION"},
      {"-w", "w", "registry", "get", "NO_SUCH_HANDLE"},
      {"-w", "w", "probe-store"},
      {"-w", "w", "approve", "cost", "--actor", "a", "--reason", "r"},
      {"-w", "w", "orchestrator", "create"},
      {"-w", "w", "orchestrator", "start", "e"},
      {"-w", "w", "orchestrator", "list"},
      {"-w", "w", "orchestrator", "stop", "e"},
      {"-w", "w", "orchestrator", "stop", "never"}};
  for (std::vector<std::string> arguments : k_commands) {
    arguments.push_back("--json");
    const auto done = run_here(arguments);
    EXPECT_EQ(json_of(done.out)["exit_code"], Json(done.exit_code))
        << arguments[0] << " " << arguments[2] << "\n"
        << done.out << done.err;
  }
}

TEST_F(CommandLine, QuietSaysTheVerdictAlone) {
  ASSERT_EQ(run_here({"init", "w", "--sample"}).exit_code, 0);
  const auto done = run_here({"-q", "-w", "w", "run", "--now", "2026-02-23T17:43:07Z"});
  EXPECT_EQ(done.exit_code, 0);
  EXPECT_EQ(done.out, "ADVANCE_TO_M4\n");
  EXPECT_EQ(done.err, "");
  EXPECT_EQ(run_here({"-q", "-w", "w", "status"}).out, "ADVANCE_TO_M4\n");
}

TEST_F(CommandLine, WhatItTellsToTypeNamesTheWorkspaceThatWasGiven) {
  ASSERT_EQ(run_here({"init", "my w", "--sample"}).exit_code, 0);
  ASSERT_EQ(run_here({"-w", "my w", "run"}).exit_code, 0);
  EXPECT_THAT(run_here({"-w", "my w", "status", "platform_20010101T000000Z"}).err,
              HasSubstr("see runpin -w 'my w' list"));
  fs::remove(dir_.path() / "my w/inputs/input_manifest.json");
  const auto held = run_here({"-w", "my w", "run"});
  EXPECT_EQ(held.exit_code, 3);
  EXPECT_THAT(unwrapped(held.out), HasSubstr("then runpin -w 'my w' resume"));
  EXPECT_THAT(run_here({"-w", "my w", "status", "--json"}).out, HasSubstr(", then runpin resume"));
  auto inside = runpin_program(dir_.path() / "my w", {"status"});
  EXPECT_THAT(unwrapped(run(inside).out), HasSubstr(", then runpin resume"));
}

TEST_F(CommandLine, AReportFitsEightyColumns) {
  ASSERT_EQ(run_here({"init", "w", "--sample"}).exit_code, 0);
  fs::remove(dir_.path() / "w/docs/run_process_flow.md");
  write_file(dir_.path() / "w/docs/run_process_flow.md", "nothing\n");
  const auto held = run_here({"-w", "w", "run"});
  EXPECT_EQ(held.exit_code, 3);
  for (const std::string& line : lines_of(held.out)) {
    const bool is_free = line.starts_with("M3") || line.starts_with("  ");
    if (is_free && line.find("where") == std::string::npos) {
      const auto longest_word = line.find_last_of(' ') == std::string::npos
                                    ? line.size()
                                    : line.size() - line.find_last_of(' ');
      EXPECT_TRUE(line.size() <= 80 || longest_word > 60) << line;
    }
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
