// A store that confirms what it never keeps is found out when the evidence is read again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/faults/platform.h"

namespace runpin::testing {
namespace {

using ::testing::HasSubstr;

TEST(ForgetfulStore, OfTheVerdictHoldsTheRunAndSaysWhatIsMissing) {
  Platform platform;
  platform.faults.far_away = true;
  platform.faults.forgets.push_back([](std::string_view, const std::string& key) {
    return key.ends_with("/m3j_execution_summary.json");
  });
  const Outcome held = platform.run();
  ASSERT_TRUE(held.report) << one_line(held.error);
  EXPECT_EQ(held.exit_code, 3);
  EXPECT_EQ(held.report->verdict, Json("HOLD_M3"));
  EXPECT_THAT(held.report->lanes.back().evidence.reason,
              HasSubstr("m3j_" + platform.stamp() + "/m3j_execution_summary.json"));
  EXPECT_THAT(held.report->lanes.back().evidence.reason, HasSubstr("does not have it"));
  platform.faults.forgets.clear();
  EXPECT_EQ(platform.resume().exit_code, 0);
}

}  // namespace
}  // namespace runpin::testing
