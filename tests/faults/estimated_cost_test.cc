// What a cost source is not sure of is no blocker, and is said.
#include <gtest/gtest.h>

#include "runpin/canon/json_reader.h"
#include "tests/faults/row_trial.h"

namespace runpin::testing {
namespace {

constexpr const char* k_export = "inputs/aws_focus.csv";

Json source_of_posture(const Platform& platform) {
  const auto posture = platform.durable().at(platform.key('h', "m3h_daily_cost_posture.json"));
  return read_json(posture, "posture").value_or(Json())["sources"].items().at(0);
}

TEST(CostOutcome, SaysThatAnEstimatedExportIsEstimated) {
  Platform platform;
  platform.write(k_export,
                 "BilledCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,"
                 "x_Estimated\n"
                 "12.50,USD,Usage,2026-02-22T00:00:00Z,2026-02-23T00:00:00Z,true\n");
  EXPECT_EQ(advance_faults(platform, platform.run()), std::vector<std::string>());
  EXPECT_EQ(source_of_posture(platform)["estimated"], Json(true));
}

TEST(CostOutcome, SaysThatAnExportOfAFewDaysIsPartial) {
  Platform platform;
  platform.write(k_export,
                 "BilledCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ChargePeriodEnd\n"
                 "12.50,USD,Usage,2026-02-02T00:00:00Z,2026-02-03T00:00:00Z\n");
  EXPECT_EQ(advance_faults(platform, platform.run()), std::vector<std::string>());
  EXPECT_EQ(source_of_posture(platform)["partial"], Json(true));
}

}  // namespace
}  // namespace runpin::testing
