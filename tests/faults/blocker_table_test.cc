// Every lane blocker provoked by its fault, explained, and cured as it says itself.
#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <set>

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

TEST(BlockerTable, RefusesEveryFaultAndIsCuredAsItSays) {
  std::map<std::string, bool> cured;
  for (const FaultRow& row : blocker_table()) {
    SCOPED_TRACE(row.code + ": " + row.fault);
    const Trial trial = try_row(row);
    EXPECT_EQ(trial.faults, std::vector<std::string>());
    const auto [entry, is_first] = cured.try_emplace(row.code, trial.cured);
    entry->second = entry->second && trial.cured;
  }
  std::size_t count = 0;
  for (const auto& [code, is_cured] : cured) count += is_cured ? 1 : 0;
  std::printf("figure: blocker table: %zu rows, %zu cured (%zu faults)\n", cured.size(), count,
              blocker_table().size());
  EXPECT_EQ(cured.size(), 78u);
}

TEST(BlockerTable, LetsASoundPlatformAdvance) {
  Platform platform;
  EXPECT_EQ(advance_faults(platform, platform.run()), std::vector<std::string>());
}

}  // namespace
}  // namespace runpin::testing
