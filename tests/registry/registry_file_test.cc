// Whole registries against an oracle of another make: a line regex and Python's json.
#include <gmock/gmock.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "tests/registry/registry_support.h"

namespace runpin {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

namespace fs = std::filesystem;

// Prints "line <tab> key <tab> canonical value <tab> note", and for a bare key "-" for its value.
constexpr const char* k_oracle = R"py(
import json, re, sys
for number, line in enumerate(open(sys.argv[1], encoding="utf-8"), 1):
    pin = re.match(r"^(?:\* |\d+\. )`([A-Z][A-Z0-9_]*) = (.*?)`(?: (.*))?$", line)
    bare = re.match(r"^(?:\* |\d+\. )`([A-Z][A-Z0-9_]*)`$", line)
    if pin:
        value = json.dumps(json.loads(pin[2]), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        print(number, pin[1], value, (pin[3] or "").replace("`", ""), sep="\t")
    elif bare:
        print(number, bare[1], "-", "", sep="\t")
)py";

// The same columns from our own reading.
std::vector<std::string> rows_of(const Registry& registry) {
  std::map<std::size_t, std::string> rows;
  for (const Handle& handle : registry.all()) {
    for (const Pin& pin : handle.pins) {
      const std::size_t line = pin.key_position.line;
      rows[line] = std::to_string(line) + "\t" + pin.key + "\t" +
                   (pin.literal ? canonical(*pin.literal) : "-") + "\t" + pin.note;
    }
  }
  std::vector<std::string> lines;
  for (auto& [line, row] : rows) lines.push_back(row);
  return lines;
}

std::vector<std::string> rows_of_oracle(const std::string& text) {
  std::string directory = (fs::temp_directory_path() / "runpin_registry_XXXXXX").string();
  EXPECT_NE(mkdtemp(directory.data()), nullptr);
  const fs::path dir(directory);
  std::ofstream(dir / "oracle.py") << k_oracle;
  std::ofstream(dir / "r.md") << text;
  const std::string command =
      "python3 '" + (dir / "oracle.py").string() + "' '" + (dir / "r.md").string() + "'";
  FILE* pipe = popen(command.c_str(), "r");
  std::string output;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) output += static_cast<char>(c);
  EXPECT_EQ(pclose(pipe), 0) << "python3 is needed as the oracle";
  fs::remove_all(dir);
  std::vector<std::string> lines;
  std::istringstream stream(output);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// The shapes of a registry that is in use, with names of our own.
constexpr const char* k_harbour = R"(# HARBOUR HANDLES REGISTRY - v0

### 0.1 Status

* **Status:** v0 (draft; naming/path/ID surfaces)
* **Purpose:** pin all handles of the flow (`P(-1)..P9`) without drift.

1. No code may introduce a handle not declared here.
2. Paired with:
   * `harbour_run_process_flow.md` (phase gates)
3. `TO_PIN` fields are fail-closed.

---

## 1. Constants

* `PROJECT_SLUG = "harbour-lights"`
* `MONTHLY_BUDGET_LIMIT = 300`
* `TAG_PROJECT_KEY = "project"` -> `harbour-lights`
* `PATH_PIN_REQUIRED = true`
* `SWITCH_ALLOWED = false`
* `ROLE_APPLY = "arn:aws:iam::000000000000:user/harbour"` (pinned for local apply; repin later)

Allowed tokens:

* `{platform_run_id}`
* `{phase_id}`

## 2. Paths

* `RUN_ROOT_PATTERN = "evidence/runs/{platform_run_id}/"`
* `SUBNET_IDS = ["subnet-0001","subnet-0002"]` (materialized in M2.B)
* `SORT_KEY_BY_OUTPUT_ID = {"moorings":"ts_utc","arrivals":"ts_utc","labels":"berth_id,event_seq"}`
* `READY_FILTER = "platform_run_id=={platform_run_id}"`
* `COMMIT_MACHINE = "SFN_ORCHESTRATOR_V0"`
* `SFN_ORCHESTRATOR_V0 = "harbour-run-v0"`
* `WORKSPACE_URL = "TO_PIN"`

### 2.1 Entry points

* `ENTRYPOINT_SORT`
* `ENTRYPOINT_CHECK`

### 2.2 Secret paths

* `/harbour/dev/broker`

## 3. Roles

* `ROLE_APPLY = "arn:aws:iam::000000000000:user/harbour"` (pinned for local apply; repin later)
* `BUDGET_EMAIL = "TO_PIN"`

## 14. Open

These must be pinned before the first `harbour-up`.

1. `ROLE_APPLY`
2. `WORKSPACE_URL`
3. `BUDGET_EMAIL`

1. Run conformance checks (`P0` gate).
)";

TEST(RegistryFile, OfOurOwnReadsAsTheOracleReadsIt) {
  const Registry registry = parsed(k_harbour);
  const auto expected = rows_of_oracle(k_harbour);
  EXPECT_THAT(expected, SizeIs(20));
  EXPECT_EQ(rows_of(registry), expected);
  EXPECT_EQ(value_of(registry, "COMMIT_MACHINE"), "\"SFN_ORCHESTRATOR_V0\"");
  EXPECT_EQ(value_of(registry, "SORT_KEY_BY_OUTPUT_ID"),
            R"({"arrivals":"ts_utc","labels":"berth_id,event_seq","moorings":"ts_utc"})");
  EXPECT_EQ(registry.get("SUBNET_IDS").pins.at(0).note, "(materialized in M2.B)");
  EXPECT_EQ(registry.get("TAG_PROJECT_KEY").pins.at(0).note, "-> harbour-lights");
  EXPECT_EQ(registry.get("ROLE_APPLY").pins.size(), 3u);
  EXPECT_EQ(registry.get("ROLE_APPLY").state, HandleState::k_resolved);
  EXPECT_THAT(told(registry),
              ElementsAre("to-pin WORKSPACE_URL r.md:37:20",
                          "declared-without-value ENTRYPOINT_SORT r.md:41:4",
                          "declared-without-value ENTRYPOINT_CHECK r.md:42:4",
                          "double-pin ROLE_APPLY r.md:50:4", "to-pin BUDGET_EMAIL r.md:51:19"));
}

TEST(RegistryFile, OfTheDevFullPlatformReadsAsTheOracleReadsIt) {
  const fs::path path =
      fs::path(RUNPIN_SOURCE_DIR) / "../shared/data/registries/dev_full_handles.registry.v0.md";
  if (!fs::exists(path)) {
    GTEST_SUCCEED() << "no such file here; the registry of our own above has the same shapes";
    return;
  }
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  const Registry registry = parsed(text.str());
  const auto expected = rows_of_oracle(text.str());
  EXPECT_GT(expected.size(), 300u);
  EXPECT_EQ(rows_of(registry), expected);

  std::map<std::string, std::vector<std::string>> keys;
  for (const Finding& finding : registry.findings()) keys[finding.rule].push_back(finding.key);
  EXPECT_THAT(keys, SizeIs(3));
  EXPECT_THAT(keys["to-pin"], ElementsAre("DBX_WORKSPACE_URL", "AWS_BUDGET_NOTIFICATION_EMAIL"));
  EXPECT_THAT(keys["double-pin"], ElementsAre("ROLE_TERRAFORM_APPLY_DEV_FULL"));
  EXPECT_THAT(keys["declared-without-value"],
              testing::Each(testing::AnyOf(testing::StartsWith("ENTRYPOINT_"),
                                           testing::StartsWith("ROLE_EKS_IRSA_"))));
  EXPECT_THAT(keys["declared-without-value"], SizeIs(21));

  const Handle role = registry.get("ROLE_TERRAFORM_APPLY_DEV_FULL");
  EXPECT_EQ(role.state, HandleState::k_resolved);
  EXPECT_THAT(role.pins, SizeIs(3));
  EXPECT_EQ(role.pins[0].literal, role.pins[1].literal);
  EXPECT_EQ(value_of(registry, "SR_READY_COMMIT_STATE_MACHINE"),
            "\"SFN_PLATFORM_RUN_ORCHESTRATOR_V0\"");
  EXPECT_EQ(registry.get("MSK_CLUSTER_ARN").pins.at(0).note, "(materialized in M2.C)");
  EXPECT_EQ(registry.get("TAG_PROJECT_KEY").pins.at(0).note, "-> fraud-platform");
}

}  // namespace
}  // namespace runpin
