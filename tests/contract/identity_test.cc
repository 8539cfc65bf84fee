// config_digest and scenario_run_id through the real program, against the recorded value and
// against Python's own json and hashlib.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "runpin/canon/digest.h"
#include "runpin/canon/json_writer.h"
#include "tests/adapters/temp_dir.h"
#include "tests/support/sample_workspace.h"

namespace runpin::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* k_registry = "handles.registry.md";
constexpr const char* k_recorded_digest =
    "13f49c0d8e35264a1923844ae19f0e7bdba2b438763b46ae99db6aeeb0b8dc8b";
const fs::path k_real_registry =
    fs::path(RUNPIN_SOURCE_DIR) / "../shared/data/registries/dev_full_handles.registry.v0.md";

// The handles whose values the recorded digest covers.
const std::map<std::string, std::string>& recorded_values() {
  static const std::map<std::string, std::string> k_values{
      {"ORACLE_SOURCE_NAMESPACE", R"("local_full_run-5")"},
      {"ORACLE_ENGINE_RUN_ID", R"("c25a2675fbfbacd952b13bb594880e92")"},
      {"ORACLE_REQUIRED_OUTPUT_IDS",
       R"(["s3_event_stream_with_fraud_6B","arrival_events_5B","s1_arrival_entities_6B",)"
       R"("s3_flow_anchor_with_fraud_6B"])"},
      {"ORACLE_SORT_KEY_BY_OUTPUT_ID",
       R"({"s3_event_stream_with_fraud_6B":"ts_utc","arrival_events_5B":"ts_utc",)"
       R"("s1_arrival_entities_6B":"ts_utc","s3_flow_anchor_with_fraud_6B":"ts_utc",)"
       R"("s1_session_index_6B":"session_start_utc"})"}};
  return k_values;
}

// `registry` with the literals of `values`, and the lines of handles that it does not have.
std::string with_values(const std::string& registry,
                        const std::map<std::string, std::string>& values) {
  std::string text;
  std::map<std::string, std::string> open = values;
  for (const std::string& line : lines_of(registry)) {
    const auto named = std::find_if(open.begin(), open.end(), [&](const auto& value) {
      return line.starts_with("* `" + value.first + " = ");
    });
    if (named == open.end()) {
      text += line + "\n";
      continue;
    }
    text += "* `" + named->first + " = " + named->second + "`\n";
    open.erase(named);
  }
  for (const auto& [key, value] : open) text += "\n* `" + key + " = " + value + "`\n";
  return text;
}

class RunIdentity : public ::testing::Test {
 protected:
  // A sample workspace around the sample's registry with `values` in it.
  SampleWorkspace workspace_with(const std::map<std::string, std::string>& values) {
    const SampleWorkspace plain(dir_.path(), "plain");
    write_file(dir_.path() / "r.md", with_values(plain.read(k_registry), values));
    return SampleWorkspace(dir_.path(), "w", {"--registry", "r.md"});
  }

  static Json by_python(const SampleWorkspace& workspace, const std::string& profile) {
    Json handles = Json::Object{};
    for (const char* key :
         {"ORACLE_REQUIRED_OUTPUT_IDS", "ORACLE_SORT_KEY_BY_OUTPUT_ID", "CONFIG_DIGEST_FIELD",
          "CONFIG_DIGEST_ALGO", "ORACLE_SOURCE_NAMESPACE", "ORACLE_ENGINE_RUN_ID",
          "SCENARIO_RUN_ID_DERIVATION_MODE", "SCENARIO_EQUIVALENCE_KEY_CANONICAL_FIELDS"})
      handles.set(key, workspace.json({"registry", "get", key})["value"]);
    const std::string toml = workspace.read("runpin.toml");
    const auto uri = toml.find("uri = \"") + 7;
    const Finished answer = python(
        "contract/identity_oracle.py", {},
        canonical(object(
            {{"profile", profile},
             {"handles", handles},
             {"manifest_uri", toml.substr(uri, toml.find('"', uri) - uri)},
             {"manifest_sha256", sha256(workspace.read("inputs/input_manifest.json")).str()}})));
    EXPECT_EQ(answer.exit_code, 0) << answer.err;
    return parsed(answer.out);
  }

  static void expect_what_python_says(const SampleWorkspace& workspace,
                                      const std::string& profile) {
    const Json expected = by_python(workspace, profile);
    const Json report = workspace.json({"run", "--now", k_sample_now});
    EXPECT_EQ(report["exit_code"], Json(0)) << pretty(report);
    EXPECT_EQ(report["config_digest"], expected["config_digest"]);
    EXPECT_EQ(report["scenario_run_id"], expected["scenario_run_id"]);
    EXPECT_EQ(workspace.json({"explain", "digest"})["value"], expected["config_digest"]);
    EXPECT_EQ(workspace.json({"explain", "scenario"})["value"], expected["scenario_run_id"]);
    const Json snapshot = workspace.artifact("m3c_" + std::string(k_sample_stamp),
                                             "m3c_run_config_digest_snapshot.json");
    EXPECT_EQ(snapshot["config_digest_profile"], Json(profile));
  }

  TempDir dir_;
};

TEST_F(RunIdentity, HasTheRecordedDigestForTheRecordedValues) {
  const SampleWorkspace workspace = workspace_with(recorded_values());
  expect_what_python_says(workspace, "m3b_seed_formula_v1");
  EXPECT_EQ(workspace.json({"status"})["config_digest"], Json(k_recorded_digest));
}

TEST_F(RunIdentity, HasTheRecordedDigestForTheRealRegistryWhereThatIsAtHand) {
  if (!fs::exists(k_real_registry)) {
    SUCCEED() << "no real registry beside this checkout";
    return;
  }
  const SampleWorkspace workspace(dir_.path(), "w", {"--registry", k_real_registry.string()});
  expect_what_python_says(workspace, "m3b_seed_formula_v1");
  EXPECT_EQ(workspace.json({"status"})["config_digest"], Json(k_recorded_digest));
}

TEST_F(RunIdentity, FollowsTheProfileThatTheRegistryPins) {
  auto values = recorded_values();
  values["CONFIG_DIGEST_PROFILE"] = "\"equivalence_fields_v1\"";
  const SampleWorkspace workspace = workspace_with(values);
  expect_what_python_says(workspace, "equivalence_fields_v1");
  EXPECT_NE(workspace.json({"status"})["config_digest"], Json(k_recorded_digest));
}

TEST_F(RunIdentity, HashesNamesOfEveryScriptAsPythonDoes) {
  for (const char* profile : {"m3b_seed_formula_v1", "equivalence_fields_v1"}) {
    fs::remove_all(dir_.path() / "w");
    fs::remove_all(dir_.path() / "plain");
    const SampleWorkspace workspace = workspace_with(
        {{"ORACLE_SOURCE_NAMESPACE", R"("früh/jahr")"},
         {"ORACLE_ENGINE_RUN_ID", R"("運行-😀")"},
         {"ORACLE_REQUIRED_OUTPUT_IDS", R"(["ω_out", "a_out", "😀", "é", "\uffff"])"},
         {"ORACLE_SORT_KEY_BY_OUTPUT_ID",
          R"({"\uffff": "x", "😀": "y", "é": "z", "a_out": "t,u", "ω_out": "v", "left": "out"})"},
         {"CONFIG_DIGEST_PROFILE", std::string("\"") + profile + "\""}});
    expect_what_python_says(workspace, profile);
  }
}

TEST_F(RunIdentity, ExplainPrintsTheVeryBytesThatWereHashed) {
  const SampleWorkspace workspace = workspace_with(recorded_values());
  EXPECT_EQ(sha256(workspace.runpin({"explain", "digest"}).out).str(), k_recorded_digest);
  const std::string scenario = sha256(workspace.runpin({"explain", "scenario"}).out).str();
  EXPECT_EQ(workspace.json({"explain", "scenario"})["value"],
            Json("scenario_" + scenario.substr(0, 32)));
}

// The digest is of the configuration, the scenario of the manifest too.
TEST_F(RunIdentity, ChangesOnlyWithWhatItCovers) {
  const SampleWorkspace workspace = workspace_with(recorded_values());
  const Json digest = workspace.json({"explain", "digest"})["value"];
  const Json scenario = workspace.json({"explain", "scenario"})["value"];
  workspace.replace(k_registry, "\"session_start_utc\"", "\"another\"");
  EXPECT_EQ(workspace.json({"explain", "digest"})["value"], digest);
  EXPECT_EQ(workspace.json({"explain", "scenario"})["value"], scenario);
  workspace.replace("inputs/input_manifest.json", "\"manifest_version\": 1",
                    "\"manifest_version\": 2");
  EXPECT_EQ(workspace.json({"explain", "digest"})["value"], digest);
  EXPECT_NE(workspace.json({"explain", "scenario"})["value"], scenario);
  workspace.replace(k_registry, "\"local_full_run-5\"", "\"local_full_run-6\"");
  EXPECT_NE(workspace.json({"explain", "digest"})["value"], digest);
}

}  // namespace
}  // namespace runpin::testing
