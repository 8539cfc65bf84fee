#include "runpin/lanes/runbook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/adapters/temp_dir.h"

namespace runpin {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::vector<std::string> k_fields{"platform_run_id", "scenario_run_id", "phase_id",
                                        "event_id",        "runtime_lane",    "trace_id"};

std::vector<bool> laws_in(std::string_view text) {
  std::vector<bool> found;
  for (const RunbookLaw& law : parse_runbook(text).laws) found.push_back(law.found);
  return found;
}

TEST(Runbook, OfTheSampleHoldsEveryLaw) {
  const Runbook runbook = parse_runbook(
      testing::read_file(RUNPIN_SOURCE_DIR "/src/runpin/cli/sample/docs/run_process_flow.md"));
  for (const RunbookLaw& law : runbook.laws) EXPECT_TRUE(law.found) << law.text;
  EXPECT_THAT(runbook.reset_classes,
              ElementsAre("service_runtime_reset", "checkpoint_reset", "data_replay_reset"));
  EXPECT_EQ(runbook.correlation_fields, k_fields);
}

TEST(Runbook, FindsLawsInWhateverTypeTheyAreSet) {
  EXPECT_THAT(laws_in("Never rerun by deleting append-only truth surfaces."),
              ElementsAre(true, false, false));
  EXPECT_THAT(laws_in("1. **Never rerun** by deleting\n   `append-only` truth surfaces, ever"),
              ElementsAre(true, false, false));
  EXPECT_THAT(laws_in("a Rerun from\r\n_failed_\tphase   boundary b"),
              ElementsAre(false, true, false));
  EXPECT_THAT(laws_in("## Mandatory reset classes"), ElementsAre(false, false, true));
  EXPECT_THAT(laws_in("never rerun by deleting append-only truth surfaces"),
              ElementsAre(false, false, false));
  EXPECT_THAT(laws_in("Never rerun by deleting append-only truths"),
              ElementsAre(false, false, false));
  EXPECT_THAT(laws_in(""), ElementsAre(false, false, false));
}

TEST(Runbook, ReadsTheClassesOfTheListBehindTheirLaw) {
  const auto classes = [](const std::string& list) {
    return parse_runbook("- not one\n\n### Mandatory reset classes:\n" + list).reset_classes;
  };
  EXPECT_THAT(classes("1. service/runtime reset\n2. checkpoint reset (only with policy)\n"),
              ElementsAre("service_runtime_reset", "checkpoint_reset"));
  EXPECT_THAT(classes("\n- **Data replay** reset from committed basis\n* `Checkpoint` reset\n"),
              ElementsAre("data_replay_reset", "checkpoint_reset"));
  EXPECT_THAT(classes("10) checkpoint reset\n   that goes on here\n\n+ data replay reset\n"),
              ElementsAre("checkpoint_reset", "data_replay_reset"));
  EXPECT_THAT(classes("- checkpoint reset\n\nSomething else:\n\n- data replay reset\n"),
              ElementsAre("checkpoint_reset"));
  EXPECT_THAT(classes("- everything goes\n"), ElementsAre("everything_goes"));
  EXPECT_THAT(classes("nothing of the kind\n"), IsEmpty());
  EXPECT_THAT(classes(""), IsEmpty());
}

TEST(Runbook, ReadsTheCorrelationFieldsOfTheFirstSpanThatListsThem) {
  const auto fields = [](std::string_view text) { return parse_runbook(text).correlation_fields; };
  EXPECT_EQ(fields("carry `platform_run_id,scenario_run_id` and `platform_run_id,other`"),
            (std::vector<std::string>{"platform_run_id", "scenario_run_id"}));
  EXPECT_EQ(fields("`a,b` then `phase_id , platform_run_id`"),
            (std::vector<std::string>{"phase_id", "platform_run_id"}));
  EXPECT_EQ(fields("`platform_run_id` alone"), std::nullopt);
  EXPECT_EQ(fields("platform_run_id,scenario_run_id without a span"), std::nullopt);
  EXPECT_EQ(fields("`platform_run_id,cut off"), std::nullopt);
  EXPECT_EQ(fields(""), std::nullopt);
}

}  // namespace
}  // namespace runpin
