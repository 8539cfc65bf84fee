// A store that confirms what it never keeps, or changes what it has, is found out before a run is
// closed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runpin/canon/digest.h"
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

// Changes `platform`'s database the moment that the summary of `lane` is about to be published.
void change_before(char lane, Platform& platform, const std::string& statement) {
  platform.faults.refusals.push_back(
      {[lane, &platform, statement, done = false](std::string_view operation,
                                                  const std::string& key) mutable {
         const std::string summary = std::string("/m3") + lane + "_execution_summary.json";
         if (done || operation != "publish" || !key.ends_with(summary)) return false;
         done = true;
         platform.sql(statement);
         return false;
       },
       {}});
}

TEST(ChangedStore, HoldsTheRunThatWroteTheEvidence) {
  const std::string other = "bytes = CAST('{}' AS BLOB), sha256 = '" + sha256("{}").str() + "'";
  for (const char* like :
       {"%/run.json", "%/claim.json", "%/m3a_%/reservation.json",
        "%/m3d_run_lock_posture_snapshot.json", "%/m3d_execution_summary.json"}) {
    SCOPED_TRACE(like);
    Platform platform;
    change_before('i', platform, "UPDATE objects SET " + other + " WHERE key LIKE '" + like + "'");
    const Outcome held = platform.run();
    ASSERT_TRUE(held.report) << one_line(held.error);
    EXPECT_EQ(held.exit_code, 4);
    const auto& blockers = held.report->lanes.back().blockers;
    ASSERT_FALSE(blockers.empty());
    EXPECT_EQ(blockers.front().code, "M3J-B5");
    EXPECT_EQ(held.report->verdict, Json("HOLD_M3"));
    platform.faults.refusals.clear();
    EXPECT_EQ(platform.run().exit_code, 0);
  }
}

}  // namespace
}  // namespace runpin::testing
