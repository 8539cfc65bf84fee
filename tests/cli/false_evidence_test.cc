// A runbook that takes its laws back and an M2 receipt that is not a closed M2's: neither lets a
// run advance, whatever else they say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/adapters/temp_dir.h"
#include "tests/support/sample_workspace.h"

namespace runpin::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string k_runbook = "docs/run_process_flow.md";
const std::string k_receipt = "inputs/m2j_m3_entry_readiness_receipt.json";
const std::string k_law = "Never rerun by deleting append-only truth surfaces";

struct FalseEvidence {
  std::string name;
  std::string code;
  std::string file;
  std::string sound;  // "" for the whole file
  std::string faulty;
  std::string where;
};

const std::vector<FalseEvidence>& table() {
  static const std::vector<FalseEvidence> k_table{
      {"LawThatNoLongerHolds", "M3G-B1", k_runbook, "**" + k_law + ".**",
       "It is no longer true: \"" + k_law + "\"; delete at will.", k_runbook + ":15"},
      {"LawStruckOut", "M3G-B1", k_runbook, "**" + k_law + ".**", "~~" + k_law + ".~~", k_runbook},
      {"LawInACodeFence", "M3G-B1", k_runbook, "**" + k_law + ".**",
       "\n\n  ```\n  " + k_law + ".\n  ```\n\n ", k_runbook},
      {"RuleAgainstALaw", "M3G-B1", k_runbook, "- Input that someone",
       "- Rerun by deleting append-only truth surfaces where convenient.\n- Input that someone",
       k_runbook + ":19"},
      {"SecondListOfClasses", "M3G-B1", k_runbook, "## 4. Corr",
       "Mandatory reset classes:\n\n- evidence wipe reset\n\n## 4. Corr", k_runbook + ":32"},
      {"ClassThatPermitsMore", "M3G-B1", k_runbook, "1. service/runtime reset",
       "1. service/runtime reset and evidence deletion", k_runbook + ":23"},
      {"ReceiptOfAnotherLane", "M3A-B3", k_receipt, "\"M2.J\"", "\"M2.C\"", k_receipt},
      {"ReceiptOfTheFuture", "M3A-B3", k_receipt, "2025-01-01T06:12:40Z", "2030-01-01T06:12:40Z",
       k_receipt},
      {"ReceiptWithBlockers", "M3A-B3", k_receipt, "\"blockers\": []",
       "\"blockers\": [{\"code\": \"M2-B1\"}]", k_receipt},
      {"ReceiptNestedDeep", "M3A-B3", k_receipt, "\"M2.J\"",
       std::string(510, '[') + std::string(510, ']'), k_receipt}};
  return k_table;
}

class FalseEvidences : public ::testing::TestWithParam<FalseEvidence> {
 protected:
  TempDir dir_;
  SampleWorkspace workspace_{dir_.path()};
};

TEST_P(FalseEvidences, AreHeldAtTheirPlaceAndCanBeReadBack) {
  const FalseEvidence& evidence = GetParam();
  workspace_.replace(evidence.file, evidence.sound, evidence.faulty);
  const Finished held = workspace_.runpin({"run", "--now", k_sample_now, "--json"});
  EXPECT_EQ(held.exit_code, 3) << held.out << held.err;
  std::vector<std::string> places;
  const Json report = parsed(held.out);
  for (const Json& lane : report["lanes"].items())
    for (const Json& blocker : lane["blockers"].items())
      if (blocker["code"].text() == evidence.code) places.push_back(blocker["where"].text());
  EXPECT_THAT(places, ::testing::Contains(evidence.where)) << held.out;
  EXPECT_EQ(workspace_.json({"status"}), report);
}

INSTANTIATE_TEST_SUITE_P(Table, FalseEvidences, ::testing::ValuesIn(table()),
                         [](const auto& row) { return row.param.name; });

class HiddenEvidence : public ::testing::Test {
 protected:
  TempDir dir_;
  SampleWorkspace workspace_{dir_.path()};
};

TEST_F(HiddenEvidence, HoldsARunWhoseRunbookIsAComment) {
  workspace_.write(k_runbook, "<!--\n" + workspace_.read(k_runbook) + "\n-->\n");
  EXPECT_EQ(workspace_.runpin({"run", "--now", k_sample_now}).exit_code, 3);
}

TEST_F(HiddenEvidence, PublishesNoSecretOfTheRunbook) {
  const std::string token = std::string("github_pat_") + "11AB3XQZY0kLmN8pQrS7tU_" +
                            "vWx9Yz1A2bC3dE4fG5hI6jK7lM8nO9pQ0rS1tU2vW3xY4zA5bC6dE7fG8hJ";
  workspace_.replace(k_runbook, "2. checkpoint reset", "2. " + token + "\n2. checkpoint reset");
  const Finished held = workspace_.runpin({"run", "--now", k_sample_now});
  EXPECT_EQ(held.exit_code, 3) << held.out;
  EXPECT_THAT(held.out, HasSubstr("[withheld: "));
  for (const auto& [key, bytes] : workspace_.durable())
    EXPECT_THAT(bytes, Not(HasSubstr("github_pat_"))) << key;
}

}  // namespace
}  // namespace runpin::testing
