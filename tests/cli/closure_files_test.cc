// Closure notes go into files of people's own: a note that would change what runpin reads or keeps
// is refused before anything is written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "tests/adapters/temp_dir.h"
#include "tests/support/sample_workspace.h"
#include "tests/support/tree.h"

namespace runpin::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Note {
  std::string name;
  std::string path;
  std::string kept;
  std::function<void(const fs::path& root)> prepare = [](const fs::path&) {};
};

std::function<void(const fs::path&)> link_to(const std::string& target) {
  return [target](const fs::path& root) {
    fs::create_symlink(root / target, root / "docs/linked.md");
  };
}

const std::vector<Note>& table() {
  static const std::vector<Note> k_table{
      {"Settings", "runpin.toml", "the file of runpin.toml"},
      {"SettingsBehindADot", "docs/.././runpin.toml", "climbs out"},
      {"Registry", "./handles.registry.md", "[registry] path"},
      {"Receipt", "inputs/m2j_m3_entry_readiness_receipt.json", "[inputs] m2_receipt"},
      {"Manifest", "inputs//input_manifest.json", "[inputs] oracle_manifest"},
      {"StackOutputs", "inputs/runtime.outputs.json", "[inputs] stack_outputs"},
      {"Runbook", "docs/run_process_flow.md", "[inputs] runbook"},
      {"CostExport", "inputs/aws_focus.csv", "[cost] aws"},
      {"Database", ".runpin/platform.db", "[evidence] store"},
      {"BesideTheDatabase", ".runpin/notes.md", "below .runpin"},
      {"Evidence", "runs/dev_substrate/dev_full/m3/m3a_x/notes.md", "local_root"},
      {"SymbolicLink", "docs/linked.md", "[registry] path", link_to("handles.registry.md")},
      {"LinkIntoEvidence", "docs/linked.md/notes.md", "below .runpin", link_to(".runpin")},
      {"HardLink", "docs/linked.md", "[inputs] runbook", [](const fs::path& root) {
         fs::create_hard_link(root / "docs/run_process_flow.md", root / "docs/linked.md");
       }}};
  return k_table;
}

class ClosureFiles : public ::testing::TestWithParam<Note> {};

TEST_P(ClosureFiles, AreNoneThatRunpinReadsOrKeeps) {
  const TempDir dir;
  const SampleWorkspace workspace(dir.path());
  GetParam().prepare(workspace.root());
  workspace.replace("runpin.toml", "\"docs/logbook.md\"", '"' + GetParam().path + '"');
  const auto before = tree_of(dir.path());
  const Finished done = workspace.runpin({"run", "--now", k_sample_now});
  EXPECT_EQ(done.exit_code, 2) << done.out << done.err;
  EXPECT_THAT(done.err, HasSubstr("runpin.toml:42:41: [closure] notes: "));
  EXPECT_THAT(done.err, HasSubstr(GetParam().kept));
  EXPECT_EQ(tree_of(dir.path()), before);
}

INSTANTIATE_TEST_SUITE_P(Table, ClosureFiles, ::testing::ValuesIn(table()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace runpin::testing
