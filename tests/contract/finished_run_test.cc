// One finished run, walked object by object and held against the contract table.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>

#include "runpin/base/bytes.h"
#include "runpin/canon/digest.h"
#include "runpin/canon/json_reader.h"
#include "runpin/gate/field_names.h"
#include "tests/adapters/temp_dir.h"
#include "tests/contract/contract_table.h"
#include "tests/support/sample_workspace.h"

namespace runpin::testing {
namespace {

using ::testing::Contains;
using ::testing::UnorderedElementsAreArray;

using Objects = std::map<std::string, std::string>;

// Where the sample registry has M3.H's artifacts published a second time.
const std::map<std::string, std::string>& pinned_copies() {
  static const std::map<std::string, std::string> k_copies{
      {"m3h_phase_budget_envelope.json", "phase_budget_envelope.json"},
      {"m3h_phase_cost_outcome_receipt.json", "phase_cost_outcome_receipt.json"},
      {"m3h_daily_cost_posture.json", "daily_cost_posture.json"}};
  return k_copies;
}

std::vector<std::string> keys_of(const Json& body) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : body.members()) keys.push_back(key);
  return keys;
}

class FinishedRun : public ::testing::Test {
 protected:
  void SetUp() override {
    const Finished done = workspace_.runpin({"run", "--now", k_sample_now});
    ASSERT_EQ(done.exit_code, 0) << done.out << done.err;
    durable_ = workspace_.durable();
    local_ = workspace_.local();
  }

  static std::string execution_id(const LaneRow& lane) {
    return lane.execution_id_prefix + k_sample_stamp;
  }
  static std::string key(const LaneRow& lane, const std::string& name) {
    return "evidence/run_control/" + execution_id(lane) + "/" + name;
  }
  static std::string run_key(const std::string& name) {
    return "evidence/runs/platform_" + std::string(k_sample_stamp) + "/" + name;
  }
  Json body(const std::string& object_key) {
    const auto parsed = read_json(durable_[object_key], object_key);
    EXPECT_TRUE(parsed) << object_key << " is missing or no JSON";
    return parsed.value_or(Json());
  }
  void expect_fields(const std::string& object_key, const std::vector<std::string>& fields) {
    const Json found = body(object_key);
    for (const std::string& field : fields)
      EXPECT_NE(found.find(field), nullptr) << object_key << " lacks " << field;
  }

  void walk_artifacts(const LaneRow& lane);
  void walk_summary(const LaneRow& lane);
  void walk_receipts(const LaneRow& lane);
  void walk_copies(const LaneRow& lane);
  void walk_run_objects();
  void expect_nothing_else();

  TempDir dir_;
  SampleWorkspace workspace_{dir_.path()};
  Objects durable_;
  Objects local_;
  std::set<std::string> walked_durable_, walked_local_;
};

void FinishedRun::walk_artifacts(const LaneRow& lane) {
  std::vector<ArtifactRow> owed = lane.artifacts;
  owed.push_back({lane.summary_name(), contract_table().summary_fields});
  for (const ArtifactRow& artifact : owed) {
    const std::string durable_key = key(lane, artifact.name);
    const std::string local_name = execution_id(lane) + "/" + artifact.name;
    expect_fields(durable_key, artifact.fields);
    EXPECT_EQ(local_[local_name], durable_[durable_key]) << local_name;
    walked_durable_.insert(durable_key);
    walked_local_.insert(local_name);
  }
}

void FinishedRun::walk_summary(const LaneRow& lane) {
  const Json summary = body(key(lane, lane.summary_name()));
  const Json run_id =
      lane.lane == "M3.A" ? Json() : Json("platform_" + std::string(k_sample_stamp));
  for (const auto& [field, value] : {std::pair{"phase_id", Json("P1")},
                                     {"lane", Json(lane.lane)},
                                     {"execution_id", Json(execution_id(lane))},
                                     {"platform_run_id", run_id},
                                     {"overall_pass", Json(true)},
                                     {"blocker_count", Json(0)},
                                     {"blockers", Json(Json::Array{})},
                                     {"next_gate", Json(lane.next_gate)},
                                     {"started_at_utc", Json(k_sample_now)},
                                     {"ended_at_utc", Json(k_sample_now)}})
    EXPECT_EQ(summary[field], value) << lane.lane << " " << field;
  std::vector<std::string> listed, owed;
  for (const ArtifactRow& artifact : lane.artifacts) owed.push_back(artifact.name);
  for (const Json& entry : summary["artifacts"].items()) {
    const std::string& name = entry["name"].text();
    const std::string& bytes = durable_[key(lane, name)];
    listed.push_back(name);
    EXPECT_EQ(entry["durable_key"], Json(key(lane, name)));
    EXPECT_EQ(entry["size"], Json(bytes.size())) << name;
    EXPECT_EQ(entry["sha256"], Json(sha256(bytes).str())) << name;
  }
  EXPECT_THAT(listed, UnorderedElementsAreArray(owed)) << lane.lane;
  std::vector<std::string> sources;
  for (const Json& source : summary["sources"].items()) {
    sources.push_back(source["lane"].text());
    const auto read = std::find_if(contract_table().lanes.begin(), contract_table().lanes.end(),
                                   [&](const LaneRow& row) { return row.lane == sources.back(); });
    ASSERT_NE(read, contract_table().lanes.end()) << sources.back();
    EXPECT_EQ(source["execution_id"], Json(execution_id(*read)));
    EXPECT_EQ(source["summary_key"], Json(key(*read, read->summary_name())));
    EXPECT_EQ(source["summary_sha256"],
              Json(sha256(durable_[key(*read, read->summary_name())]).str()));
  }
  EXPECT_EQ(sources, lane.reads) << lane.lane;
}

// Whatever asked the world says so under a check of its lane, and says no more than it may.
void FinishedRun::walk_receipts(const LaneRow& lane) {
  std::vector<std::string> names{lane.summary_name()};
  for (const ArtifactRow& artifact : lane.artifacts) names.push_back(artifact.name);
  for (const std::string& name : names) {
    const Json artifact = body(key(lane, name));
    for (const Json& receipt : artifact["receipts"].items()) {
      EXPECT_THAT(lane.checks, Contains(receipt["check_id"].text())) << name;
      if (name == "m3b_collision_probe_receipts.json") continue;
      EXPECT_THAT(keys_of(receipt),
                  ::testing::ElementsAre("check_id", "operation", "outcome", "status", "target"));
    }
  }
}

void FinishedRun::walk_copies(const LaneRow& lane) {
  const Json summary = body(key(lane, lane.summary_name()));
  for (const Json& entry : summary["artifacts"].items()) {
    const auto pinned = pinned_copies().find(entry["name"].text());
    if (pinned == pinned_copies().end()) {
      EXPECT_EQ(entry["copies"], Json(Json::Array{})) << entry["name"].text();
      continue;
    }
    const std::string copy = key(lane, pinned->second);
    EXPECT_EQ(entry["copies"], array({Json(copy)}));
    EXPECT_EQ(durable_[copy], durable_[key(lane, pinned->first)]) << copy;
    walked_durable_.insert(copy);
  }
}

void FinishedRun::walk_run_objects() {
  const LaneRow& first = contract_table().lanes.front();
  const std::map<std::string, std::string> key_by_object{
      {"EVIDENCE_RUN_JSON_KEY", run_key("run.json")},
      {"RUN_PIN_PATH_PATTERN", run_key("run_pin/run_header.json")},
      {"run_pin/claim.json", run_key("run_pin/claim.json")},
      {"reservation.json", key(first, "reservation.json")}};
  ASSERT_EQ(key_by_object.size(), contract_table().run_objects.size());
  for (const auto& [name, fields] : contract_table().run_objects) {
    expect_fields(key_by_object.at(name), fields);
    walked_durable_.insert(key_by_object.at(name));
  }
  const Json run = body(run_key("run.json")), header = body(run_key("run_pin/run_header.json"));
  for (const char* field :
       {"platform_run_id", "scenario_run_id", "config_digest", "phase_id", "written_at_utc"})
    EXPECT_EQ(run[field], header[field]) << field;
  EXPECT_EQ(run["written_at_utc"], Json(k_sample_now));
  EXPECT_EQ(header["run_json_key"], Json(run_key("run.json")));
  EXPECT_EQ(header["run_json_sha256"], Json(sha256(durable_[run_key("run.json")]).str()));
  const Json claim = body(run_key("run_pin/claim.json"));
  EXPECT_EQ(claim["execution_id"], Json("m3b_" + std::string(k_sample_stamp)));
  EXPECT_EQ(claim["platform_run_id"], run["platform_run_id"]);
  EXPECT_EQ(claim["claimed_at_utc"], Json(k_sample_now));
  const Json reservation = body(key(first, "reservation.json"));
  EXPECT_EQ(reservation["execution_id"], Json(execution_id(first)));
  EXPECT_EQ(reservation["reserved_at_utc"], Json(k_sample_now));
  const std::regex nonce("[0-9a-f]{32}");
  EXPECT_TRUE(std::regex_match(claim["nonce"].text(), nonce));
  EXPECT_TRUE(std::regex_match(reservation["nonce"].text(), nonce));
}

void FinishedRun::expect_nothing_else() {
  for (const auto& [object_key, bytes] : durable_)
    EXPECT_TRUE(walked_durable_.contains(object_key)) << object_key << " is in no contract";
  for (const auto& [name, bytes] : local_)
    EXPECT_TRUE(walked_local_.contains(name)) << name << " is in no contract";
}

TEST_F(FinishedRun, HoldsTheContractInEveryArtifact) {
  for (const LaneRow& lane : contract_table().lanes) {
    SCOPED_TRACE(lane.lane);
    walk_artifacts(lane);
    walk_summary(lane);
    walk_receipts(lane);
    walk_copies(lane);
  }
  walk_run_objects();
  expect_nothing_else();
}

TEST_F(FinishedRun, IsSpelledAsPythonWouldSpellIt) {
  const Finished checked =
      python("contract/pretty_bytes.py",
             {workspace_.database().string(), (workspace_.root() / "runs").string()});
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
  EXPECT_EQ(lines_of(checked.out).back(), std::to_string(durable_.size() + local_.size()));
}

// Else a registry could pin a name for the run's id that some artifact needs for something else.
TEST_F(FinishedRun, HasNoFieldWhoseNameARegistryCouldPinForAnother) {
  const std::set<std::string> pinnable{"platform_run_id", "scenario_run_id", "phase_id",
                                       "config_digest", "written_at_utc"};
  for (const auto& [object_key, bytes] : durable_)
    for (const std::string& field : keys_of(body(object_key))) {
      if (pinnable.contains(field)) continue;
      const Registry registry =
          *Registry::parse("* `FIELD_PHASE_ID = \"" + field + "\"`\n", "r.md");
      EXPECT_FALSE(FieldNames::from(registry)) << object_key << " has " << field;
    }
}

TEST_F(FinishedRun, LeavesAnOutcomeReceiptWithExactlyTheRequiredFields) {
  const Json value =
      workspace_.json({"registry", "get", "COST_OUTCOME_RECEIPT_REQUIRED_FIELDS"})["value"];
  const LaneRow& lane = contract_table().lanes.at(7);
  ASSERT_FALSE(value.text().empty());
  EXPECT_THAT(keys_of(body(key(lane, "m3h_phase_cost_outcome_receipt.json"))),
              UnorderedElementsAreArray(split_list(value.text())));
}

TEST_F(FinishedRun, LetsM4InByReferencesThatCanBeFollowed) {
  const LaneRow& lane = contract_table().lanes.back();
  const Json receipt = body(key(lane, "m4_entry_readiness_receipt.json"));
  EXPECT_EQ(receipt["m4_entry_ready"], Json(true));
  EXPECT_EQ(receipt["verdict"], Json("ADVANCE_TO_M4"));
  EXPECT_EQ(receipt["required_platform_run_id_env_value"], receipt["platform_run_id"]);
  for (const char* reference : {"m3i_verdict_ref", "m3f_handoff_ref"})
    EXPECT_EQ(receipt[reference]["sha256"],
              Json(sha256(durable_[receipt[reference]["key"].text()]).str()))
        << reference;
  const Json pack = body(receipt["m3f_handoff_ref"]["key"].text());
  EXPECT_GE(pack["durable_references"].items().size(), 3u);
  for (const Json& reference : pack["durable_references"].items())
    EXPECT_EQ(reference["sha256"], Json(sha256(durable_[reference["key"].text()]).str()));
}

}  // namespace
}  // namespace runpin::testing
