// The approval that alert 3 asks for, through the real program and a real FOCUS export.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runpin/canon/json_writer.h"
#include "tests/cli/held_workspace.h"

namespace runpin::testing {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;
using ::testing::SizeIs;

constexpr const char* k_noon = "2026-02-23T12:00:00Z";

std::vector<std::string> approve(const std::string& now) {
  return {"approve",          "cost",  "--actor", "finance@example", "--reason",
          "cluster stays up", "--now", now};
}

class ApproveCommand : public ::testing::Test {
 protected:
  // Month-to-date spend, as FOCUS exports state it. The sample's alert 3 is 405.
  void spend(const std::string& amount) {
    held_.write("inputs/aws_focus.csv",
                "BilledCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd\n" + amount +
                    ",USD,2026-02-10T00:00:00Z,2026-02-11T00:00:00Z\n");
  }
  void expect_held_by_alert_3(const std::string& now) {
    EXPECT_EQ(held_.runpin({"resume", "--now", now}).exit_code, 3);
    EXPECT_THAT(held_.blockers(), Contains(Key(std::string("M3H-B10"))));
  }

  HeldWorkspace held_;
};

TEST_F(ApproveCommand, LetsSpendAboveAlert3Pass) {
  spend("405.01");
  held_.must(3, {"run", "--now", k_noon});
  const auto blockers = held_.blockers();
  ASSERT_THAT(blockers, Contains(Key(std::string("M3H-B10"))));
  EXPECT_EQ(blockers.at("M3H-B10")["found"], Json("405.01 USD"));
  EXPECT_THAT(blockers.at("M3H-B10")["fix"].text(), HasSubstr("runpin approve cost --actor A"));
  const Finished done = held_.must(0, approve("2026-02-23T12:30:00Z"));
  EXPECT_EQ(done.out,
            std::string(k_run_control) + "approval_20260223T123000Z/cost_approval.json\n");
  EXPECT_THAT(done.err, HasSubstr("approved for 2026-02"));
  const Json resumed = held_.json({"resume", "--now", "2026-02-23T13:00:00Z"});
  EXPECT_EQ(resumed["verdict"], Json("ADVANCE_TO_M4"));
  EXPECT_EQ(resumed["lanes"].items().at(7)["execution_id"], Json("m3h_20260223T130000Z"));
  EXPECT_EQ(held_.artifact("m3h_20260223T130000Z", "m3h_daily_cost_posture.json")["alert_level"],
            Json("alert_3"));
}

TEST_F(ApproveCommand, LetsNoSpendAboveTheLimitPass) {
  held_.must(0, approve("2026-02-23T11:30:00Z"));
  spend("450");
  held_.must(0, {"run", "--now", k_noon});
  spend("450.01");
  held_.must(3, {"run", "--now", "2026-02-23T12:30:00Z"});
  const auto blockers = held_.blockers();
  ASSERT_THAT(blockers, Contains(Key(std::string("M3H-B10"))));
  EXPECT_EQ(blockers.at("M3H-B10")["expected"], Json("at most 450 USD"));
  EXPECT_EQ(blockers.at("M3H-B10")["found"], Json("450.01 USD"));
  EXPECT_THAT(blockers.at("M3H-B10")["fix"].text(),
              HasSubstr("pin DEV_FULL_MONTHLY_BUDGET_LIMIT_USD"));
}

TEST_F(ApproveCommand, WritesTheApprovalThatItPrints) {
  auto arguments = approve("2026-02-23T12:30:00Z");
  const Json document = held_.json(arguments);
  EXPECT_EQ(document["receipt"], object({{"schema", "runpin_cost_approval_v1"},
                                         {"receipt_id", "approval_20260223T123000Z"},
                                         {"recorded_at_utc", "2026-02-23T12:30:00Z"},
                                         {"approves", "month-to-date spend at or above alert 3"},
                                         {"month", "2026-02"},
                                         {"actor", "finance@example"},
                                         {"reason", "cluster stays up"}}));
  EXPECT_EQ(held_.durable().at(document["key"].text()), pretty(document["receipt"]));
  EXPECT_THAT(held_.must(0, arguments).out, HasSubstr("approval_20260223T123000Z_01/"));
}

TEST_F(ApproveCommand, IsNeededFromAlert3OnAndNotBelow) {
  spend("404.99");
  held_.must(0, {"run", "--now", k_noon});
  spend("405");
  held_.must(3, {"run", "--now", "2026-02-23T12:01:00Z"});
}

TEST_F(ApproveCommand, HoldsForItsOwnMonthOnly) {
  spend("405");
  held_.must(3, {"run", "--now", k_noon});
  held_.must(0, approve("2026-01-31T23:59:59Z"));
  expect_held_by_alert_3("2026-02-23T12:01:00Z");
  held_.must(0, approve("2026-03-01T00:00:00Z"));
  expect_held_by_alert_3("2026-02-23T12:02:00Z");
  held_.must(0, approve("2026-02-23T12:02:31Z"));
  expect_held_by_alert_3("2026-02-23T12:02:30Z");  // nobody has approved it yet
  held_.must(0, approve("2026-02-01T00:00:00Z"));
  held_.must(0, {"resume", "--now", "2026-02-23T12:03:00Z"});
}

TEST_F(ApproveCommand, AFlawedApprovalOfAnotherToolDoesNotCount) {
  const std::string secret = std::string("AKIA") + "QRSTUVWX3456MNOP";
  spend("405");
  held_.must(3, {"run", "--now", k_noon});
  int number = 0;
  for (const std::string& bytes :
       {std::string("{}"), std::string("not JSON"),
        std::string(R"({"actor": "a", "recorded_at_utc": "2026-02-23T12:00:00Z"})"),
        std::string(R"({"actor": " ", "reason": "r", "recorded_at_utc": "2026-02-23T12:00:00Z"})"),
        std::string(R"({"actor": "a", "reason": "r", "recorded_at_utc": "2026-02-23"})"),
        R"({"actor": "a", "recorded_at_utc": "2026-02-23T12:00:00Z", "reason": ")" + secret +
            "\"}"})
    held_.plant("approval_" + std::to_string(number++) + "/cost_approval.json", bytes);
  expect_held_by_alert_3("2026-02-23T12:01:00Z");
  for (const auto& [key, bytes] : held_.durable())
    EXPECT_TRUE(key.find("/approval_") != std::string::npos ||
                bytes.find(secret) == std::string::npos)
        << key;
  held_.must(0, approve("2026-02-23T12:02:00Z"));
  held_.must(0, {"resume", "--now", "2026-02-23T12:03:00Z"});
}

TEST_F(ApproveCommand, RefusesWhatShouldNotStandOnRecordAndWritesNothing) {
  const std::string secret = std::string("AKIA") + "QRSTUVWX3456MNOP";
  const struct {
    std::size_t index;
    std::string value;
    const char* said;
  } k_cases[] = {{3, "", "--actor"},
                 {3, std::string(201, 'a'), "at most 200"},
                 {5, "two\nlines", "--reason"},
                 {5, "for " + secret, "aws-access-key-id"},
                 {7, "noon", "--now"}};
  const auto before = held_.durable();
  for (const auto& c : k_cases) {
    auto arguments = approve(k_noon);
    arguments[c.index] = c.value;
    const Finished done = held_.runpin(arguments);
    EXPECT_EQ(done.exit_code, 2);
    EXPECT_THAT(done.err, AllOf(HasSubstr(c.said), Not(HasSubstr(secret))));
    EXPECT_THAT(lines_of(done.err), SizeIs(1));
  }
  EXPECT_EQ(held_.durable(), before);
}

}  // namespace
}  // namespace runpin::testing
