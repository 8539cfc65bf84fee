#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runpin/base/bytes.h"
#include "runpin/base/instant.h"
#include "runpin/canon/json_reader.h"
#include "runpin/cli/init_plan.h"
#include "runpin/cli/sample_costs.h"
#include "runpin/cli/sample_files.h"
#include "runpin/gate/contract.h"
#include "runpin/registry/registry.h"

namespace runpin::cli {
namespace {

using ::testing::HasSubstr;

Registry sample_registry() {
  return *Registry::parse(sample_file("handles.registry.md"), "handles.registry.md");
}

TEST(SampleRegistry, ResolvesEveryHandleThatARunNeeds) {
  const Registry registry = sample_registry();
  for (const std::string& key : required_handles())
    EXPECT_EQ(registry.get(key).state, HandleState::k_resolved) << key;
  for (const Handle& handle : registry.all())
    EXPECT_EQ(handle.state, HandleState::k_resolved) << handle.key << " " << name_of(handle.state);
}

TEST(SampleRegistry, HasNoFindingAboveANote) {
  const Registry registry = sample_registry();
  for (const Finding& finding : registry.findings())
    EXPECT_EQ(finding.level, FindingLevel::k_note) << finding.message;
}

TEST(SampleRegistry, ShowsEveryShapeThatARegistryKnows) {
  const Registry registry = sample_registry();
  bool has_list = false, has_map = false, has_alias = false, has_note = false, has_two_pins = false;
  for (const Handle& handle : registry.all()) {
    has_list |= handle.value && handle.value->is_array();
    has_map |= handle.value && handle.value->is_object();
    has_two_pins |= handle.pins.size() > 1;
    for (const Pin& pin : handle.pins) {
      has_alias |= pin.alias_of.has_value();
      has_note |= !pin.note.empty();
    }
  }
  EXPECT_TRUE(has_list && has_map && has_alias && has_note && has_two_pins);
}

TEST(SampleRunbook, HoldsTheRerunAndResetLaws) {
  const std::string text(sample_file("docs/run_process_flow.md"));
  for (const char* anchor :
       {"Never rerun by deleting append-only truth surfaces", "Rerun from failed phase boundary",
        "Mandatory reset classes", "1. service/runtime reset\n",
        "2. checkpoint reset (only where policy exists)\n",
        "3. data replay reset from committed replay basis\n",
        "`platform_run_id,scenario_run_id,phase_id,event_id,runtime_lane,trace_id`"})
    EXPECT_THAT(text, HasSubstr(anchor));
}

TEST(SampleStackOutputs, AreSoundAndHoldOneSensitiveValue) {
  const auto plan = plan_init(true, std::nullopt);
  ASSERT_TRUE(plan) << plan.error().message;
  int sensitive = 0;
  for (const char* path : {"inputs/core.outputs.json", "inputs/runtime.outputs.json"}) {
    const auto outputs = read_json(plan->files.at(path), path);
    ASSERT_TRUE(outputs) << outputs.error().message;
    for (const auto& [name, output] : outputs->members()) {
      EXPECT_TRUE(output.find("value") && output.find("type") && output.find("sensitive")) << name;
      sensitive += output["sensitive"].is_true() ? 1 : 0;
    }
  }
  EXPECT_EQ(sensitive, 1);
}

// Charges of a month by an independent reading of the CSV: sum of BilledCost by month of
// ChargePeriodStart.
std::map<std::string, std::pair<Decimal, int>> months_of(const std::string& csv) {
  std::map<std::string, std::pair<Decimal, int>> months;
  std::size_t line_start = csv.find('\n') + 1;
  for (auto end = csv.find('\n', line_start); end != std::string::npos;
       end = csv.find('\n', line_start)) {
    const auto fields = split_list(csv.substr(line_start, end - line_start));
    auto& [sum, days] = months[fields.at(7).substr(0, 7)];
    sum = sum + *Decimal::parse(fields.at(0));
    ++days;
    line_start = end + 1;
  }
  return months;
}

TEST(SampleCosts, EveryMonthIsCoveredDailyAndStaysBelowHalfOfTheFirstAlert) {
  for (const char* alert : {"180", "0.01", "300.5", "99999999999999999999"}) {
    const auto months = months_of(sample_costs_csv({"1", "USD", "r", *Decimal::parse(alert)}));
    EXPECT_EQ(months.size(), 72u);
    for (const auto& [month, charges] : months) {
      const Instant start = *Instant::parse_rfc3339(month + "-01T00:00:00Z");
      const Instant next =
          Instant::from_unix_seconds(start.unix_seconds() + 31 * 86400).month_start();
      EXPECT_EQ(charges.second, (next.unix_seconds() - start.unix_seconds()) / 86400) << month;
      EXPECT_LT(charges.first, *Decimal::parse(alert) * *Decimal::parse("0.5")) << month;
      EXPECT_GT(charges.first, Decimal()) << month;
    }
  }
}

TEST(Render, FillsInEscapedValuesAndRefusesUnknownNames) {
  EXPECT_EQ(render("a {{X}} b", {{"X", "q\"\\\n"}}).value(), "a q\\\"\\\\\\n b");
  EXPECT_EQ(render("none", {}).value(), "none");
  EXPECT_FALSE(render("{{Y}}", {{"X", ""}}));
  EXPECT_FALSE(render("{{X", {{"X", ""}}));
}

}  // namespace
}  // namespace runpin::cli
