// The README shows real output: its tour is run, and compared to the byte.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/adapters/temp_dir.h"
#include "tests/cli/runpin_program.h"
#include "tests/support/sample_workspace.h"

namespace runpin::testing {
namespace {

std::string readme() {
  std::ifstream file(RUNPIN_SOURCE_DIR "/README.md");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// What the README shows below `command`, to the end of the block or the next command.
std::string shown_below(const std::string& command) {
  const std::string text = readme();
  const std::size_t at = text.find("$ " + command + "\n");
  if (at == std::string::npos) return "the README does not show this command";
  const std::size_t begin = text.find('\n', at) + 1;
  return text.substr(begin, std::min(text.find("```", begin), text.find("$ ", begin)) - begin);
}

TEST(Readme, ShowsWhatTheTourPrints) {
  TempDir dir;
  const SampleWorkspace kestrel(dir.path(), "kestrel");
  const Finished run = kestrel.runpin({"run", "--now", "2026-03-02T08:20:00Z"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.out, shown_below("runpin -w kestrel run --now 2026-03-02T08:20:00Z"));
  const Finished verify = kestrel.runpin({"verify"});
  EXPECT_EQ(verify.exit_code, 0);
  EXPECT_EQ(verify.out, shown_below("runpin -w kestrel verify"));
}

TEST(Readme, ShowsWhatARefusalSays) {
  TempDir dir;
  const SampleWorkspace kestrel(dir.path(), "kestrel");
  kestrel.replace("inputs/m2j_m3_entry_readiness_receipt.json", "\"m3_entry_ready\": true",
                  "\"m3_entry_ready\": false");
  const Finished run =
      runpin(dir.path(), {"-w", "kestrel", "run", "--now", "2026-03-02T08:15:00Z"});
  EXPECT_EQ(run.exit_code, 3);
  std::istringstream shown(shown_below("runpin -w kestrel run"));
  for (std::string line; std::getline(shown, line);)
    if (line != "\u2026") {
      EXPECT_THAT(run.out, ::testing::HasSubstr(line + "\n"));
    }
}

}  // namespace
}  // namespace runpin::testing
