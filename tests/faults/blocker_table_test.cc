// Every lane blocker provoked by its fault, explained, and cured as it says itself.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "runpin/canon/json_reader.h"
#include "runpin/lanes/lanes.h"
#include "tests/contract/contract_table.h"
#include "tests/faults/row_trial.h"

namespace runpin::testing {
namespace {

using RowKey = std::tuple<std::string, std::string, std::string>;  // code, severity, phase code

std::set<RowKey> rows_of_table() {
  std::set<RowKey> rows;
  for (const FaultRow& row : blocker_table()) rows.emplace(row.code, row.severity, row.phase);
  return rows;
}

TEST(BlockerTable, HasARowForEveryCodeOfTheLanesAndNoOther) {
  std::set<RowKey> rows;
  for (const Lane& lane : all_lanes())
    for (const BlockerContract& blocker : lane.contract.blockers)
      rows.emplace(blocker.code, std::string(name_of(blocker.severity)), blocker.phase_code);
  EXPECT_EQ(rows_of_table(), rows);
}

TEST(BlockerTable, HasARowForEveryCodeOfTheContractAndNoOther) {
  std::set<RowKey> rows;
  for (const LaneRow& lane : contract_table().lanes)
    for (const BlockerRow& blocker : lane.blockers)
      rows.emplace(blocker.code, blocker.severity, blocker.phase_code);
  EXPECT_EQ(rows_of_table(), rows);
}

// A lane's rows; ctest runs the lanes beside each other.
class BlockerTableOfALane : public ::testing::TestWithParam<std::string> {};

TEST_P(BlockerTableOfALane, RefusesEveryFaultAndIsCuredAsItSays) {
  std::map<std::string, bool> cured;
  for (const LaneRow& lane : contract_table().lanes)
    for (const BlockerRow& blocker : lane.blockers)
      if (lane.lane == GetParam()) cured[blocker.code] = true;
  int faults = 0;
  for (const FaultRow& row : blocker_table()) {
    const auto blocker = cured.find(row.code);
    if (blocker == cured.end()) continue;
    SCOPED_TRACE(row.code + ": " + row.fault);
    const Trial trial = try_row(row);
    EXPECT_EQ(trial.faults, std::vector<std::string>());
    blocker->second = blocker->second && trial.cured;
    ++faults;
  }
  const auto count =
      std::count_if(cured.begin(), cured.end(), [](const auto& entry) { return entry.second; });
  std::printf("figure: blocker table, %s: %zu blockers, %td cured (%d faults)\n",
              GetParam().c_str(), cured.size(), count, faults);
  EXPECT_EQ(count, std::ssize(cured));
}

std::vector<std::string> names_of_lanes() {
  std::vector<std::string> names;
  for (const LaneRow& lane : contract_table().lanes) names.push_back(lane.lane);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Lanes, BlockerTableOfALane, ::testing::ValuesIn(names_of_lanes()),
                         [](const auto& lane) { return "M3" + lane.param.substr(3); });

TEST(BlockerTable, LetsASoundPlatformAdvance) {
  Platform platform;
  EXPECT_EQ(advance_faults(platform, platform.run()), std::vector<std::string>());
}

}  // namespace
}  // namespace runpin::testing
