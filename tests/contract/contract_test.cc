#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "runpin/canon/json_reader.h"
#include "runpin/gate/verdict.h"
#include "runpin/lanes/lanes.h"
#include "tests/adapters/temp_dir.h"
#include "tests/contract/contract_table.h"

namespace runpin::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::StartsWith;

const fs::path k_shared_contract = fs::path(RUNPIN_SOURCE_DIR) / "../shared/spec/contract.json";

Json json_of(const LaneRow& row, const std::vector<std::string>& summary_fields) {
  Json artifacts = Json::Object{}, blockers = Json::Array{};
  for (const ArtifactRow& artifact : row.artifacts)
    artifacts.set(artifact.name, Json(artifact.fields));
  artifacts.set(row.summary_name(), Json(summary_fields));
  for (const BlockerRow& blocker : row.blockers)
    blockers.push(object({{"code", blocker.code},
                          {"severity", blocker.severity},
                          {"phase_code", blocker.phase_code},
                          {"means", blocker.means}}));
  return object({{"lane", row.lane},
                 {"slug", row.slug},
                 {"title", row.title},
                 {"execution_id_prefix", row.execution_id_prefix},
                 {"next_gate", row.next_gate},
                 {"reads_summaries_of", Json(row.reads)},
                 {"artifacts", artifacts},
                 {"checks", Json(row.checks)},
                 {"blockers", blockers}});
}

// A lane of the program in the table's own terms.
LaneRow row_of(const LaneContract& lane) {
  LaneRow row{.lane = lane.lane,
              .slug = lane.slug,
              .title = lane.title,
              .execution_id_prefix = lane.execution_id_prefix(),
              .next_gate = lane.next_gate(),
              .reads = lane.reads,
              .artifacts = {},
              .checks = lane.checks,
              .blockers = {}};
  for (const ArtifactContract& artifact : lane.artifacts)
    row.artifacts.push_back({artifact.name, artifact.fields});
  for (const BlockerContract& blocker : lane.blockers)
    row.blockers.push_back(
        {blocker.code, std::string(name_of(blocker.severity)), blocker.phase_code, blocker.means});
  return row;
}

TEST(Contract, TheProgramsLanesAreTheTables) {
  const ContractTable& table = contract_table();
  ASSERT_EQ(all_lanes().size(), table.lanes.size());
  for (std::size_t i = 0; i < table.lanes.size(); ++i) {
    const LaneContract& lane = all_lanes()[i].contract;
    EXPECT_EQ(json_of(row_of(lane), summary_fields()),
              json_of(table.lanes[i], table.summary_fields))
        << table.lanes[i].lane;
    EXPECT_EQ(lane.summary_name(), table.lanes[i].summary_name());
    EXPECT_EQ(lane.letter, 'a' + static_cast<char>(i));
  }
}

TEST(Contract, TheProgramsWordsAreTheTables) {
  const ContractTable& table = contract_table();
  EXPECT_EQ(k_phase, table.phase);
  EXPECT_EQ(k_phase_id, table.phase_id);
  EXPECT_EQ(required_handles(), table.required_handles);
  EXPECT_EQ(correlation_required_fields(), table.correlation_required_fields);
  EXPECT_EQ(permitted_reset_classes(), table.permitted_reset_classes);
  EXPECT_THAT(table.rollup_verdicts,
              ::testing::UnorderedElementsAre(k_advance_to_m3j, k_hold_remediate, k_no_go));
  EXPECT_THAT(table.phase_verdicts, ::testing::UnorderedElementsAre(k_advance_to_m4, k_hold_m3));
}

TEST(Contract, HasSeventyEightBlockersAndEachLeadsToAPhaseCode) {
  std::set<std::string> codes;
  for (const LaneRow& lane : contract_table().lanes)
    for (const BlockerRow& blocker : lane.blockers) {
      codes.insert(blocker.code);
      EXPECT_THAT(contract_table().phase_codes, Contains(blocker.phase_code)) << blocker.code;
      EXPECT_THAT(blocker.code, StartsWith("M3" + lane.lane.substr(3) + "-B"));
    }
  EXPECT_EQ(codes.size(), 78u);
}

TEST(Contract, EveryCodeThatTheEngineRaisesIsTheLanesOwn) {
  for (const Lane& lane : all_lanes()) {
    const EngineCodes& codes = lane.contract.codes;
    for (const std::string& code : {codes.local_write, codes.publish, codes.read_back,
                                    codes.incomplete, codes.secret, codes.missing_upstream})
      EXPECT_NE(lane.contract.blocker(code), nullptr) << lane.contract.lane << " " << code;
    EXPECT_THAT(lane.contract.checks, Contains(lane.contract.publish_check));
  }
}

TEST(Contract, TheTableIsTheSharedOneWhereThatIsAtHand) {
  if (!fs::exists(k_shared_contract)) {
    SUCCEED() << "no contract beside this checkout to compare with";
    return;
  }
  const auto shared = read_json(read_file(k_shared_contract), "contract.json");
  ASSERT_TRUE(shared) << one_line(shared.error());
  const ContractTable& table = contract_table();
  ASSERT_EQ((*shared)["lanes"].items().size(), table.lanes.size());
  for (std::size_t i = 0; i < table.lanes.size(); ++i)
    EXPECT_EQ((*shared)["lanes"].items()[i], json_of(table.lanes[i], table.summary_fields))
        << table.lanes[i].lane;
  Json handles = Json::Array{};
  for (const char* group : {"identity", "evidence", "orchestrator", "apply_identity"})
    for (const Json& handle : (*shared)["required_handles"][group].items()) handles.push(handle);
  EXPECT_EQ((*shared)["required_handles"].members().size(), 4u);
  EXPECT_EQ(handles, Json(table.required_handles));
  std::vector<std::string> phase_codes;
  for (const auto& [code, means] : (*shared)["phase_blockers"].members())
    phase_codes.push_back(code);
  EXPECT_THAT(table.phase_codes, ::testing::UnorderedElementsAreArray(phase_codes));
  Json run_objects = Json::Object{};
  for (const auto& [name, fields] : table.run_objects) run_objects.set(name, Json(fields));
  EXPECT_EQ((*shared)["run_objects"], run_objects);
  for (const auto& [name, value] :
       {std::pair{"phase", Json(table.phase)},
        {"phase_id", Json(table.phase_id)},
        {"platform_run_id_regex", Json(table.platform_run_id_regex)},
        {"correlation_required_fields", Json(table.correlation_required_fields)},
        {"permitted_reset_classes", Json(table.permitted_reset_classes)},
        {"rollup_verdicts", Json(table.rollup_verdicts)},
        {"phase_verdicts", Json(table.phase_verdicts)}})
    EXPECT_EQ((*shared)[name], value) << name;
}

TEST(PlatformRunId, MatchesItsShapeAndNothingElse) {
  for (const char* good : {"platform_20260223T174307Z", "platform_00010101T000000Z",
                           "platform_20260223T174307Z_01", "platform_20260223T174307Z_20"})
    EXPECT_TRUE(is_platform_run_id(good)) << good;
  for (const char* bad :
       {"", "platform_", "platform_20260223T174307", "platform_20260223T174307Z_1",
        "platform_20260223T174307Z_001", "platform_20260223T174307Z_", "platform_20260223T174307Z ",
        " platform_20260223T174307Z", "platform_20260223T174307Z\n", "Platform_20260223T174307Z",
        "platform_2026022３T174307Z", "platform_20260223T174307Z_01_02", "20260223T174307Z"})
    EXPECT_FALSE(is_platform_run_id(bad)) << bad;
}

}  // namespace
}  // namespace runpin::testing
