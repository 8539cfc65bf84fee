// Random faults of random rows together: whatever comes at once, nothing advances that is broken,
// and what is mended does.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <random>

#include "tests/faults/row_trial.h"

namespace runpin::testing {
namespace {

constexpr int k_runs = 1000, k_runs_far_away = 400;
constexpr std::size_t k_most_faults = 4;

// Rows that bite at one moment: after `after`, and before the lane of any of them.
struct Mix {
  std::vector<const FaultRow*> rows;
  char earliest = 0;  // every row's evidence is there
  char latest = 'j';  // no row's lane has run

  bool take(const FaultRow& row) {
    const char lane = static_cast<char>(row.code[2] - 'A' + 'a');
    const char before_lane = lane == 'a' ? 0 : static_cast<char>(lane - 1);
    const char from = std::max(earliest, row.after);
    const char to = std::min(latest, std::max(row.after, row.after == 0 ? char{0} : before_lane));
    if (from > to) return false;
    earliest = from;
    latest = to;
    rows.push_back(&row);
    return true;
  }
};

Mix random_mix(std::mt19937_64& random) {
  const auto& table = blocker_table();
  Mix mix;
  const std::size_t wanted = 1 + random() % k_most_faults;
  for (int tries = 0; mix.rows.size() < wanted && tries < 40; ++tries) {
    const FaultRow& row = table[random() % table.size()];
    if (std::find(mix.rows.begin(), mix.rows.end(), &row) == mix.rows.end()) mix.take(row);
  }
  return mix;
}

std::string named(const Mix& mix) {
  std::string names;
  for (const FaultRow* row : mix.rows) names += "\n  " + row->code + ": " + row->fault;
  return names;
}

// Faults may get in each other's way, such as two that pin the same handle; then that mix is none.
bool broken(Platform& platform, const Mix& mix) {
  try {
    break_platform(platform, mix.rows, mix.earliest);
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

void break_and_mend(bool far_away) {
  std::mt19937_64 random(far_away ? 20260224 : 20260223);
  int runs = 0, faults = 0;
  while (runs < (far_away ? k_runs_far_away : k_runs)) {
    const Mix mix = random_mix(random);
    Platform platform;
    platform.faults.far_away = far_away;
    if (!broken(platform, mix)) continue;
    SCOPED_TRACE(named(mix));
    const Outcome refused = mix.earliest == 0 ? platform.run() : platform.resume();
    EXPECT_NE(refused.exit_code, 0);
    if (refused.report) {
      EXPECT_EQ(false_claims(platform, refused), std::vector<std::string>());
    }
    platform.undo();
    EXPECT_EQ(advance_faults(platform, platform.run()), std::vector<std::string>());
    ++runs;
    faults += static_cast<int>(mix.rows.size());
    if (::testing::Test::HasFailure()) break;
  }
  std::printf("figure: random faults%s: %d runs, %d faults, none advanced\n",
              far_away ? ", the store a network away" : "", runs, faults);
}

TEST(RandomFaults, NeverAdvanceAndLeaveNothingThatSaysSo) {
  break_and_mend(false);
}

TEST(RandomFaults, NeverAdvanceWhereTheStoreIsANetworkAway) {
  break_and_mend(true);
}

}  // namespace
}  // namespace runpin::testing
