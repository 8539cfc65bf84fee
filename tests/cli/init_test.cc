#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/runpin_program.h"

namespace runpin::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;

// A registry with nothing but what init needs; values that differ from the sample's.
constexpr const char* k_small_registry = R"(# Handles
* `AWS_REGION = "sa-east-1"`
* `S3_EVIDENCE_BUCKET = "grain-evidence"`
* `SFN_PLATFORM_RUN_ORCHESTRATOR_V0 = "grain-run"`
* `ROLE_STEP_FUNCTIONS_ORCHESTRATOR = "arn:aws-cn:iam::444455556666:role/path/grain"` (a note)
* `ORACLE_SOURCE_NAMESPACE = "harvest"`
* `ORACLE_ENGINE_RUN_ID = "17"`
* `ORACLE_STORE_BUCKET = "grain-oracle"`
* `S3_ORACLE_INPUT_PREFIX_PATTERN = "in/{oracle_source_namespace}/{oracle_engine_run_id}/"`
* `ORACLE_REQUIRED_OUTPUT_IDS = ["silo", "truck"]`
* `ORACLE_SORT_KEY_BY_OUTPUT_ID = {"silo": "at", "truck": "left_at"}`
* `BUDGET_CURRENCY = "BRL"`
* `DEV_FULL_BUDGET_ALERT_1_USD = 1000`
)";

std::map<std::string, std::string> without_database(std::map<std::string, std::string> tree) {
  tree.erase(".runpin/platform.db");
  return tree;
}

class Init : public ::testing::Test {
 protected:
  Finished run_here(std::vector<std::string> arguments) {
    return runpin(dir_.path(), std::move(arguments));
  }
  std::map<std::string, std::string> tree(const std::string& name) {
    return tree_of(dir_.path() / name);
  }
  TempDir dir_;
};

TEST_F(Init, MakesAWorkspaceWithoutInputs) {
  const auto done = run_here({"init", "w"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  const auto made = tree("w");
  EXPECT_THAT(made, Contains(Key("runpin.toml")));
  EXPECT_THAT(made, Contains(Key(".runpin/platform.db")));
  EXPECT_THAT(made, Contains(Key("inputs")));
  EXPECT_THAT(made, Not(Contains(Key("handles.registry.md"))));
  EXPECT_THAT(done.out, HasSubstr("next: edit w/runpin.toml"));
}

TEST_F(Init, SampleHasEveryFileThatItsSettingsName) {
  const auto done = run_here({"init", "w", "--sample"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(done.err, "");
  EXPECT_THAT(done.out, HasSubstr("next: runpin -w w run\n"));
  const auto made = tree("w");
  for (const char* path :
       {"runpin.toml", "handles.registry.md", "inputs/m2j_m3_entry_readiness_receipt.json",
        "inputs/input_manifest.json", "inputs/core.outputs.json", "inputs/runtime.outputs.json",
        "inputs/aws_focus.csv", "docs/run_process_flow.md", "docs/platform.build_plan.md",
        "docs/logbook.md", ".runpin/platform.db"}) {
    EXPECT_THAT(made, Contains(Key(path)));
    EXPECT_THAT(done.out, HasSubstr(std::string("made w/") + path));
  }
  EXPECT_THAT(
      made.at("runpin.toml"),
      HasSubstr(
          "ROLE_STEP_FUNCTIONS_ORCHESTRATOR = \"output:role_step_functions_orchestrator_arn\""));
}

TEST_F(Init, IsTheSameEverywhere) {
  ASSERT_EQ(run_here({"init", "a", "--sample"}).exit_code, 0);
  auto program = runpin_program(dir_.path(), {"init", "deep/er/b", "--sample"});
  program.set = {{"TZ", "Pacific/Auckland"}, {"LC_ALL", "de_DE.UTF-8"}};
  ASSERT_EQ(run(program).exit_code, 0);
  EXPECT_EQ(without_database(tree("a")), without_database(tree("deep/er/b")));
}

TEST_F(Init, LeavesNothingBesideTheWorkspace) {
  ASSERT_EQ(run_here({"init", "w", "--sample"}).exit_code, 0);
  EXPECT_THAT(names_in(dir_.path()), ::testing::ElementsAre("w"));
}

TEST_F(Init, TakesAnExistingDirectoryAndKeepsWhatItHolds) {
  fs::create_directories(dir_.path() / "w/docs");
  write_file(dir_.path() / "w/README.md", "mine");
  write_file(dir_.path() / "w/docs/mine.md", "mine too");
  ASSERT_EQ(run_here({"init", "w", "--sample"}).exit_code, 0);
  ASSERT_EQ(run_here({"init", "fresh", "--sample"}).exit_code, 0);
  auto made = without_database(tree("w"));
  EXPECT_EQ(made["README.md"], "mine");
  EXPECT_EQ(made["docs/mine.md"], "mine too");
  made.erase("README.md");
  made.erase("docs/mine.md");
  EXPECT_EQ(made, without_database(tree("fresh")));
}

TEST_F(Init, TakesTheCurrentDirectory) {
  const auto done = run_here({"init", ".", "--sample"});
  EXPECT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("made runpin.toml\n"));
  EXPECT_THAT(done.out, HasSubstr("next: runpin run\n"));
  EXPECT_TRUE(fs::exists(dir_.path() / ".runpin/platform.db"));
}

TEST_F(Init, CopiesARegistryAndMakesTheRestAgreeWithIt) {
  write_file(dir_.path() / "grain.md", k_small_registry);
  const auto done = run_here({"init", "w", "--sample", "--registry", "grain.md", "--json"});
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(json_of(done.out)["state_machine"],
            Json("arn:aws-cn:states:sa-east-1:444455556666:stateMachine:grain-run"));
  const auto made = tree("w");
  EXPECT_EQ(made.at("handles.registry.md"), k_small_registry);
  EXPECT_THAT(made.at("runpin.toml"),
              HasSubstr("s3://grain-oracle/in/harvest/17/input_manifest.json"));
  EXPECT_EQ(json_of(made.at(
                "inputs/runtime.outputs.json"))["role_step_functions_orchestrator_arn"]["value"],
            Json("arn:aws-cn:iam::444455556666:role/path/grain"));
  EXPECT_EQ(json_of(made.at("inputs/core.outputs.json"))["s3_evidence_bucket"]["value"],
            Json("grain-evidence"));
  const Json manifest = json_of(made.at("inputs/input_manifest.json"));
  EXPECT_EQ(manifest["outputs"].items().size(), 2u);
  EXPECT_EQ(manifest["outputs"].items()[1]["output_id"], Json("truck"));
  EXPECT_EQ(manifest["outputs"].items()[1]["sort_key"], Json("left_at"));
  EXPECT_THAT(made.at("inputs/aws_focus.csv"), HasSubstr(",444455556666,BRL,"));
}

TEST_F(Init, WithARegistryAloneMakesNoInputsOfOthers) {
  write_file(dir_.path() / "grain.md", k_small_registry);
  ASSERT_EQ(run_here({"init", "w", "--registry", "grain.md"}).exit_code, 0);
  const auto made = tree("w");
  EXPECT_THAT(made, Contains(Key("inputs/runtime.outputs.json")));
  EXPECT_THAT(made, Not(Contains(Key("inputs/m2j_m3_entry_readiness_receipt.json"))));
  EXPECT_THAT(made, Not(Contains(Key("inputs/aws_focus.csv"))));
}

TEST_F(Init, RefusesARegistryThatLacksANeededHandle) {
  const std::string whole = k_small_registry;
  std::size_t refused = 0;
  for (const std::string& line : lines_of(whole)) {
    if (!line.starts_with("* `")) continue;
    const std::string key = line.substr(3, line.find(" = ") - 3);
    for (const std::string& instead :
         {std::string(), "* `" + key + " = \"TO_PIN\"`", "* `" + key + " = false`"}) {
      std::string text = whole;
      text.replace(text.find(line), line.size(), instead);
      write_file(dir_.path() / "grain.md", text);
      const auto before = tree_of(dir_.path());
      const auto done = run_here({"init", "w", "--sample", "--registry", "grain.md"});
      const bool any_value_will_do =
          key == "ORACLE_SORT_KEY_BY_OUTPUT_ID" && instead.ends_with("false`");
      if (any_value_will_do) {
        fs::remove_all(dir_.path() / "w");
        continue;
      }
      EXPECT_EQ(done.exit_code, 2) << instead;
      EXPECT_THAT(done.err, HasSubstr(key));
      EXPECT_THAT(done.err, HasSubstr("grain.md"));
      EXPECT_THAT(lines_of(done.err), ::testing::SizeIs(1));
      EXPECT_EQ(tree_of(dir_.path()), before);
      ++refused;
    }
  }
  EXPECT_GT(refused, 30u);
}

TEST_F(Init, RefusesARegistryFromWhichNoReadableSettingsFollow) {
  std::string text = k_small_registry;
  text.replace(text.find("\"harvest\""), 9, "\"har\\u0007vest\"");
  write_file(dir_.path() / "grain.md", text);
  const auto done = run_here({"init", "w", "--sample", "--registry", "grain.md"});
  EXPECT_EQ(done.exit_code, 2);
  EXPECT_THAT(done.err, HasSubstr("grain.md:"));
  EXPECT_THAT(lines_of(done.err), ::testing::SizeIs(1));
  EXPECT_THAT(names_in(dir_.path()), ::testing::ElementsAre("grain.md"));
}

TEST_F(Init, AFileInTheWayOfItsOwnLeavesTheDirectoryAsItWas) {
  fs::create_directories(dir_.path() / "w/docs");
  write_file(dir_.path() / "w/docs/logbook.md", "mine");
  const auto before = tree_of(dir_.path());
  const auto done = run_here({"init", "w", "--sample"});
  EXPECT_EQ(done.exit_code, 2);
  EXPECT_THAT(done.err, HasSubstr("w/docs/logbook.md"));
  EXPECT_EQ(tree_of(dir_.path()), before);
}

TEST_F(Init, AFileWhereADirectoryShouldBeLeavesTheDirectoryAsItWas) {
  fs::create_directories(dir_.path() / "w");
  write_file(dir_.path() / "w/inputs", "no directory");
  const auto before = tree_of(dir_.path());
  EXPECT_NE(run_here({"init", "w", "--sample"}).exit_code, 0);
  EXPECT_EQ(tree_of(dir_.path()), before);
}

}  // namespace
}  // namespace runpin::testing
