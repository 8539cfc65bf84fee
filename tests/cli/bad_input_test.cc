// What users get wrong: each ends with exit 2, one clear line, and a directory tree that is as it
// was.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <functional>

#include "tests/cli/runpin_program.h"

namespace runpin::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct BadInput {
  std::string name;
  std::function<void(const fs::path& dir)> spoil;  // `dir` holds the sample workspace "w"
  std::vector<std::string> arguments;
  std::string says_where;
  std::string says_what;
  bool unprivileged = false;
};

void PrintTo(const BadInput& bad, std::ostream* out) {
  *out << bad.name;
}

void replace_in(const fs::path& file, const std::string& from, const std::string& to) {
  std::string text = read_file(file);
  ASSERT_NE(text.find(from), std::string::npos) << from;
  write_file(file, text.replace(text.find(from), from.size(), to));
}

void nothing(const fs::path&) {}

// Permissions under which every user may walk in, since the tests' own directory is its owner's
// alone.
void open_to_all(const fs::path& dir) {
  fs::permissions(dir, fs::perms::others_read | fs::perms::others_exec, fs::perm_options::add);
}

const std::vector<BadInput>& table() {
  static const std::vector<BadInput> k_table = {
      {"NoWorkspaceDirectory",
       nothing,
       {"-w", "nowhere", "registry", "list"},
       "nowhere",
       "is not there"},
      {"NoSettings",
       nothing,
       {"registry", "list"},
       "runpin.toml",
       "the workspace file is not there"},
      {"WorkspaceIsAFile",
       [](const fs::path& dir) { write_file(dir / "file", ""); },
       {"-w", "file", "registry", "list"},
       "file",
       "should be a directory"},
      {"SettingsAreADirectory",
       [](const fs::path& dir) {
         fs::remove(dir / "w/runpin.toml");
         fs::create_directory(dir / "w/runpin.toml");
       },
       {"-w", "w", "registry", "list"},
       "w/runpin.toml",
       "a directory is there"},
      {"SettingsAreNotUtf8",
       [](const fs::path& dir) { write_file(dir / "w/runpin.toml", "# ok\n# \xff\n"); },
       {"-w", "w", "registry", "list"},
       "w/runpin.toml:2:3",
       "not UTF-8"},
      {"SettingsAreCutOff",
       [](const fs::path& dir) {
         write_file(dir / "w/runpin.toml", "[registry]\npath = \"handles");
       },
       {"-w", "w", "registry", "list"},
       "w/runpin.toml:2:",
       ""},
      {"SettingsHaveAnUnknownKey",
       [](const fs::path& dir) { replace_in(dir / "w/runpin.toml", "runbook =", "runbok ="); },
       {"-w", "w", "registry", "list"},
       "w/runpin.toml:",
       "runbok"},
      {"SettingsAreUnreadable",
       [](const fs::path& dir) {
         open_to_all(dir);
         chmod((dir / "w/runpin.toml").c_str(), 0);
       },
       {"-w", "w", "registry", "list"},
       "w/runpin.toml",
       "permission denied",
       true},
      {"SettingsAreAnEndlessDevice",
       [](const fs::path& dir) {
         fs::remove(dir / "w/runpin.toml");
         fs::create_symlink("/dev/zero", dir / "w/runpin.toml");
       },
       {"-w", "w", "status"},
       "w/runpin.toml",
       "the workspace file should be a file, but a pipe or device is there"},
      {"SettingsLinkToThemselves",
       [](const fs::path& dir) {
         fs::remove(dir / "w/runpin.toml");
         fs::create_symlink("runpin.toml", dir / "w/runpin.toml");
       },
       {"-w", "w", "status"},
       "w/runpin.toml",
       "cannot be read"},
      {"SettingsAreDeep",
       [](const fs::path& dir) {
         std::string deep = "[a";
         for (int i = 0; i < 50'000; ++i) deep += ".a";
         write_file(dir / "w/runpin.toml", deep + "]\n");
       },
       {"-w", "w", "status"},
       "w/runpin.toml:1:",
       "expected at most 1000 dots"},
      {"SettingsAreHuge",
       [](const fs::path& dir) { write_file(dir / "w/runpin.toml", std::string(300 << 10, '\n')); },
       {"-w", "w", "status"},
       "w/runpin.toml",
       "expected at most 256 KiB of settings"},
      {"RegistryIsAPipe",
       [](const fs::path& dir) {
         fs::remove(dir / "w/handles.registry.md");
         mkfifo((dir / "pipe").c_str(), 0666);
         fs::create_symlink("../pipe", dir / "w/handles.registry.md");
       },
       {"-w", "w", "registry", "lint"},
       "w/handles.registry.md",
       "the registry should be a file, but a pipe or device is there"},
      {"RegistryIsMissing",
       [](const fs::path& dir) { fs::remove(dir / "w/handles.registry.md"); },
       {"-w", "w", "registry", "lint"},
       "w/handles.registry.md",
       "the registry is not there"},
      {"RegistryIsADirectory",
       [](const fs::path& dir) {
         fs::remove(dir / "w/handles.registry.md");
         fs::create_directory(dir / "w/handles.registry.md");
       },
       {"-w", "w", "registry", "lint"},
       "w/handles.registry.md",
       "a directory is there"},
      {"RegistryIsNotUtf8",
       [](const fs::path& dir) {
         write_file(dir / "w/handles.registry.md", "# H\n\n* `A = \"\xe9\"`\n");
       },
       {"-w", "w", "registry", "lint"},
       "w/handles.registry.md:3:",
       "UTF-8"},
      {"DatabaseIsMissing",
       [](const fs::path& dir) { fs::remove(dir / "w/.runpin/platform.db"); },
       {"-w", "w", "orchestrator", "list"},
       ".runpin/platform.db",
       ""},
      {"DatabaseIsSomethingElse",
       [](const fs::path& dir) { write_file(dir / "w/.runpin/platform.db", "no database"); },
       {"-w", "w", "orchestrator", "list"},
       ".runpin/platform.db",
       ""},
      {"DigestOfNoFile", nothing, {"digest", "nowhere.json"}, "nowhere.json", "is not there"},
      {"DigestOfADirectory", nothing, {"digest", "w"}, "w", "a directory is there"},
      {"DigestOfJsonCutOff",
       [](const fs::path& dir) { write_file(dir / "a.json", "{\n  \"a\": [1,\n"); },
       {"digest", "a.json"},
       "a.json:3:1",
       ""},
      {"InitOverAWorkspace",
       nothing,
       {"init", "w"},
       "w/runpin.toml",
       "there is a workspace already"},
      {"InitSampleOverAWorkspace", nothing, {"init", "w", "--sample"}, "w/runpin.toml", "already"},
      {"InitOverAFile",
       [](const fs::path& dir) { write_file(dir / "file", "mine"); },
       {"init", "file"},
       "file",
       "a directory should be here"},
      {"InitBelowAFile",
       [](const fs::path& dir) { write_file(dir / "file", "mine"); },
       {"init", "file/w", "--sample"},
       "file",
       "directory"},
      {"InitOverADanglingLink",
       [](const fs::path& dir) { fs::create_symlink("nowhere", dir / "link"); },
       {"init", "link"},
       "link",
       "a directory should be here"},
      {"InitWithoutAName", nothing, {"init", ""}, "DIR", "empty name"},
      {"InitWhereNothingMayBeWritten",
       [](const fs::path& dir) { open_to_all(dir); },
       {"init", "new", "--sample"},
       "",
       "ermission denied",
       true},
      {"InitWithARegistryThatIsMissing",
       nothing,
       {"init", "new", "--sample", "--registry", "nowhere.md"},
       "nowhere.md",
       "is not there"},
      {"InitWithARegistryThatIsADirectory",
       nothing,
       {"init", "new", "--registry", "w"},
       "w",
       "a directory is there"},
      {"InitWithARegistryThatIsNotUtf8",
       [](const fs::path& dir) { write_file(dir / "r.md", "\n \xc3"); },
       {"init", "new", "--registry", "r.md"},
       "r.md:2:2",
       "not UTF-8"},
      {"InitWithAnEmptyRegistry",
       [](const fs::path& dir) { write_file(dir / "r.md", ""); },
       {"init", "new", "--registry", "r.md"},
       "r.md",
       "the registry has no value for ROLE_STEP_FUNCTIONS_ORCHESTRATOR"},
      {"InitWithARoleThatIsNone",
       [](const fs::path& dir) {
         fs::copy_file(dir / "w/handles.registry.md", dir / "r.md");
         replace_in(dir / "r.md",
                    "ROLE_STEP_FUNCTIONS_ORCHESTRATOR = \"arn:aws:iam::111122223333:role/",
                    "ROLE_STEP_FUNCTIONS_ORCHESTRATOR = \"arn:aws:iam::111122223333:user/");
       },
       {"init", "new", "--registry", "r.md"},
       "r.md:",
       "is no IAM role ARN"},
      {"InitWithAnAccountThatIsNone",
       [](const fs::path& dir) {
         fs::copy_file(dir / "w/handles.registry.md", dir / "r.md");
         replace_in(dir / "r.md", "ROLE_STEP_FUNCTIONS_ORCHESTRATOR = \"arn:aws:iam::111122223333:",
                    "ROLE_STEP_FUNCTIONS_ORCHESTRATOR = \"arn:aws:iam::1:");
       },
       {"init", "new", "--registry", "r.md"},
       "r.md:",
       "make no state machine ARN"},
  };
  return k_table;
}

class BadInputs : public ::testing::TestWithParam<BadInput> {};

TEST_P(BadInputs, ExitTwoWithOneLineAndChangeNothing) {
  const BadInput& bad = GetParam();
  const TempDir dir;
  ASSERT_EQ(runpin(dir.path(), {"init", "w", "--sample"}).exit_code, 0);
  bad.spoil(dir.path());
  const auto before = tree_of(dir.path());
  for (const bool json : {false, true}) {
    Program program = runpin_program(dir.path(), bad.arguments);
    program.unprivileged = bad.unprivileged;
    if (json) program.command.push_back("--json");
    const Finished done = run(program);
    EXPECT_EQ(done.exit_code, 2) << done.err;
    EXPECT_THAT(lines_of(done.err), ::testing::SizeIs(1)) << done.err;
    EXPECT_THAT(done.err, StartsWith("runpin: "));
    EXPECT_THAT(done.err, HasSubstr(bad.says_where));
    EXPECT_THAT(done.err, HasSubstr(bad.says_what));
    EXPECT_THAT(done.err, ::testing::EndsWith(")\n")) << "no fix is named";
    const Json document = json_of(done.out);
    EXPECT_EQ(document["exit_code"], json ? Json(2) : Json());
    EXPECT_EQ(tree_of(dir.path()), before);
  }
}

INSTANTIATE_TEST_SUITE_P(Table, BadInputs, ::testing::ValuesIn(table()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace runpin::testing
