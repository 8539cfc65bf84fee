// The documents show what is real: the README's tour is run and compared to the byte, and the files
// of docs/workspace.md are put to use.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/adapters/temp_dir.h"
#include "tests/cli/runpin_program.h"
#include "tests/support/sample_workspace.h"

namespace runpin::testing {
namespace {

std::string document(const std::string& path) {
  std::ifstream file(RUNPIN_SOURCE_DIR "/" + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// What the README shows below `command`, to the end of the block or the next command.
std::string shown_below(const std::string& command) {
  const std::string text = document("README.md");
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

// A line that begins with a path in backticks, and the block that follows it.
std::vector<std::pair<std::string, std::string>> files_shown(const std::string& text) {
  std::vector<std::pair<std::string, std::string>> files;
  for (std::size_t at = text.find("\n`"); at != std::string::npos; at = text.find("\n`", at + 1)) {
    const std::size_t fence = text.find("\n```", at);
    if (text.compare(at, 4, "\n```") == 0 || fence == std::string::npos) continue;
    const std::size_t begin = text.find('\n', fence + 1) + 1;
    files.emplace_back(text.substr(at + 2, text.find('`', at + 2) - at - 2),
                       text.substr(begin, text.find("```", begin) - begin));
  }
  return files;
}

TEST(WorkspaceDocument, ShowsFilesThatAreEnough) {
  TempDir dir;
  const SampleWorkspace kestrel(dir.path(), "kestrel");
  const std::string text = document("docs/workspace.md");
  const auto files = files_shown(text.substr(text.find("## The files it names")));
  ASSERT_EQ(files.size(), 5u);
  for (const auto& [path, content] : files) {
    EXPECT_NE(kestrel.read(path), "") << path;
    kestrel.write(path, content);
  }
  kestrel.replace("runpin.toml", "\"inputs/core.outputs.json\", ", "");
  const Finished run = kestrel.runpin({"run", "--now", k_sample_now});
  EXPECT_EQ(run.exit_code, 0) << run.out << run.err;
}

}  // namespace
}  // namespace runpin::testing
