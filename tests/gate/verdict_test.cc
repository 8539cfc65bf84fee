#include "runpin/gate/verdict.h"

#include <gtest/gtest.h>

namespace runpin {
namespace {

std::vector<Blocker> blockers(const std::string& severities) {
  std::vector<Blocker> all;
  for (const char severity : severities)
    all.push_back({"M3D-B2", "M3-B4", severity == '1' ? Severity::k_s1 : Severity::k_s2, {}});
  return all;
}

TEST(Verdict, FollowsFromTheWorstUnresolvedBlocker) {
  struct Row {
    const char* severities;
    std::string_view hold;
    std::string_view rollup;
    int exit_code;
  };
  for (const Row& row :
       {Row{"", "", "ADVANCE_TO_M3J", 0}, Row{"2", "HOLD_REMEDIATE", "HOLD_REMEDIATE", 3},
        Row{"2222", "HOLD_REMEDIATE", "HOLD_REMEDIATE", 3},
        Row{"1", "NO_GO_RESET_REQUIRED", "NO_GO_RESET_REQUIRED", 4},
        Row{"2221", "NO_GO_RESET_REQUIRED", "NO_GO_RESET_REQUIRED", 4},
        Row{"1222", "NO_GO_RESET_REQUIRED", "NO_GO_RESET_REQUIRED", 4}}) {
    const auto unresolved = blockers(row.severities);
    EXPECT_EQ(hold_class(unresolved), row.hold) << row.severities;
    EXPECT_EQ(rollup_verdict(unresolved), row.rollup) << row.severities;
    EXPECT_EQ(static_cast<int>(exit_code_of(hold_class(unresolved))), row.exit_code);
  }
}

TEST(Verdict, NeverTakesAnUnknownHoldForSuccess) {
  EXPECT_EQ(exit_code_of("SOMETHING_ELSE"), ExitCode::k_reset_required);
}

}  // namespace
}  // namespace runpin
