#include "runpin/lanes/runbook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runpin/base/bytes.h"
#include "tests/adapters/temp_dir.h"

namespace runpin {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::vector<std::string> k_fields{"platform_run_id", "scenario_run_id", "phase_id",
                                        "event_id",        "runtime_lane",    "trace_id"};

const std::string k_first = "Never rerun by deleting append-only truth surfaces";
const std::string k_second = "Rerun from failed phase boundary";

std::vector<bool> laws_in(std::string_view text) {
  std::vector<bool> found;
  for (const RunbookLaw& law : parse_runbook(text).laws) found.push_back(law.line.has_value());
  return found;
}

// The sentences that dispute a law, each as "line: text".
std::vector<std::string> disputing(std::string_view text) {
  std::vector<std::string> all;
  for (const RunbookLaw& law : parse_runbook(text).laws)
    for (const RunbookSentence& sentence : law.disputing)
      all.push_back(std::to_string(sentence.line) + ": " + sentence.text);
  return all;
}

// Each list as the names of its classes, "?" for what is none.
std::vector<std::vector<std::string>> class_lists(std::string_view text) {
  std::vector<std::vector<std::string>> lists;
  for (const ResetClassList& list : parse_runbook(text).reset_classes) {
    lists.emplace_back();
    for (const ResetClassItem& item : list.items)
      lists.back().push_back(item.name.empty() ? "?" : item.name);
  }
  return lists;
}

const std::vector<std::string> k_classes{"service_runtime_reset", "checkpoint_reset",
                                         "data_replay_reset"};

TEST(Runbook, OfTheSampleHoldsEveryLaw) {
  const std::string text =
      testing::read_file(RUNPIN_SOURCE_DIR "/src/runpin/cli/sample/docs/run_process_flow.md");
  const Runbook runbook = parse_runbook(text);
  EXPECT_THAT(laws_in(text), ElementsAre(true, true, true));
  EXPECT_THAT(disputing(text), IsEmpty());
  EXPECT_THAT(class_lists(text), ElementsAre(k_classes));
  ASSERT_TRUE(runbook.correlation_span);
  EXPECT_EQ(split_list(runbook.correlation_span->text), k_fields);
}

// As a platform at work has them.
TEST(Runbook, OfARealPlatformHoldsEveryLaw) {
  const std::string text =
      "## 6. Rerun/Reset Law (Dev-full)\n\n### 6.1 Rerun constraints\n\n"
      "1. Never rerun by deleting append-only truth surfaces.\n"
      "2. Rerun from failed phase boundary using run-scoped reset playbook only.\n"
      "3. If identity/config digest changes, issue new `platform_run_id`.\n\n"
      "### 6.2 Mandatory reset classes\n\n"
      "1. **Service/runtime reset:** restart/redeploy bounded lane only.\n"
      "2. **Checkpoint reset:** only where reset policy is explicitly defined.\n"
      "3. **Data replay reset:** rerun from committed replay basis, never from ad-hoc local "
      "inputs.\n\n### 6.3 Stop-the-line conditions\n\n1. Any unresolved ambiguity.\n";
  EXPECT_THAT(laws_in(text), ElementsAre(true, true, true));
  EXPECT_THAT(disputing(text), IsEmpty());
  EXPECT_THAT(class_lists(text), ElementsAre(k_classes));
  EXPECT_EQ(parse_runbook(text).laws[1].line, 6u);
  EXPECT_EQ(parse_runbook(text).reset_classes[0].line, 9u);
}

TEST(Runbook, FindsLawsInWhateverTypeTheyAreSet) {
  for (const std::string& text : std::initializer_list<std::string>{
           k_first + ".", "1. **Never rerun** by deleting\n   `append-only` truth surfaces",
           "# " + k_first, "Evidence stays. " + k_first + "! Nobody may.", "- [ ](x)\n- " + k_first,
           "a[^1]\r\n\r\n* _" + k_first + "_\r\n", k_first + "<!-- law -->.",
           "<a id=\"law\"></a>" + k_first, "takes ~5 minutes. " + k_first + ". Or ~6."})
    EXPECT_THAT(laws_in(text), ElementsAre(true, false, false)) << text;
  EXPECT_THAT(laws_in("a. Rerun from\r\n_failed_\tphase   boundary."),
              ElementsAre(false, true, false));
  EXPECT_THAT(laws_in("## Mandatory reset classes"), ElementsAre(false, false, true));
  EXPECT_THAT(laws_in("## 6.2 Mandatory reset classes"), ElementsAre(false, false, true));
}

TEST(Runbook, TakesNothingLessThanAStatementForALaw) {
  for (const std::string& text : std::initializer_list<std::string>{
           std::string(),
           std::string("never rerun by deleting append-only truth surfaces"),
           std::string("Never rerun by deleting append-only truths"),
           "<!-- " + k_first + ". -->",
           "<!--\n\n" + k_first + ".\n\n-->",
           "~~" + k_first + "~~",
           "~" + k_first + ".~",
           "~~Old. " + k_first + ". Older.~~",
           "~~a~~ ~b ~~c " + k_first + "~~",
           "```\n" + k_first + "\n```",
           "    " + k_first,
           "> " + k_first + ".",
           "It is no longer true: \"" + k_first + "\"; delete at will.",
           k_first + ", or do.",
           "Not in force, e.g. " + k_first + ".",
           k_first + "?",
           k_first + " <b>on Mondays</b>.",
           "<del>" + k_first + ".</del>",
           "<del>\n\n" + k_first + ".\n\n</del>",
           "<del/>" + k_first + "</a>",
           "<div>" + k_first + "</div>",
           "![" + k_first + "](x.png)",
           "[//]: # (" + k_first + ")",
           "\"" + k_first + "\"",
           "| law | " + k_first + " |"})
    EXPECT_THAT(laws_in(text), ElementsAre(false, false, false)) << text;
}

TEST(Runbook, NamesEverySentenceThatSaysSomethingElseOfALaw) {
  const std::string law = k_first + ".\n\n";
  for (const std::string& sentence : std::initializer_list<std::string>{
           std::string("Rerun by deleting append-only truth surfaces where convenient."),
           std::string("rerun by **deleting** append only truth-surfaces"),
           "It is no longer true: \"" + k_first + "\"; delete at will.",
           "Never " + k_second + " but from anywhere.", k_second + " or anywhere else."})
    EXPECT_THAT(disputing(law + "- x\n- " + sentence + " More.\n"),
                ElementsAre(::testing::StartsWith("4: ")))
        << sentence;
  EXPECT_THAT(disputing("a\nb. One may\nrerun by deleting append-only truth surfaces. c"),
              ElementsAre("2: One may rerun by deleting append-only truth surfaces."));
  EXPECT_THAT(disputing("`x\ny` z\nrerun by deleting append-only truth surfaces, yes"),
              ElementsAre("1: x y z rerun by deleting append-only truth surfaces, yes"));
  EXPECT_THAT(disputing("> <p>Rerun by deleting append-only truth surfaces, please</p>"),
              ElementsAre("1: Rerun by deleting append-only truth surfaces, please"));
  EXPECT_THAT(disputing("<div>\nYes, rerun by deleting append-only truth surfaces\n</div>"),
              ElementsAre("2: Yes, rerun by deleting append-only truth surfaces"));
}

TEST(Runbook, IsNotDisputedByItsLawsOrByWhatIsWithdrawn) {
  for (const std::string& text : std::initializer_list<std::string>{
           k_first + ".\n\n> " + k_first, "\"" + k_first + ".\"", "1. " + k_second + " only.",
           std::string("~~Rerun by deleting append-only truth surfaces, please.~~"),
           std::string("<!-- rerun by deleting append-only truth surfaces, please -->"),
           std::string("```\nrerun by deleting append-only truth surfaces, please\n```"),
           std::string("Deleting append-only truth surfaces is forbidden.")})
    EXPECT_THAT(disputing(text), IsEmpty()) << text;
}

TEST(Runbook, ReadsTheClassesOfEveryListThatIsAnnounced) {
  const auto classes = [](const std::string& list) {
    return class_lists("- not one\n\n### Mandatory reset classes:\n" + list);
  };
  using List = std::vector<std::string>;
  EXPECT_THAT(classes("1. service/runtime reset\n2. checkpoint reset (only where policy exists)\n"),
              ElementsAre(List{"service_runtime_reset", "checkpoint_reset"}));
  EXPECT_THAT(classes("\n- **Data replay** reset from committed\n  replay basis;\n\n* `Checkpoint` "
                      "reset.\n"),
              ElementsAre(List{"data_replay_reset", "checkpoint_reset"}));
  EXPECT_THAT(classes("- checkpoint reset\n\n<!-- -->\n\n- evidence wipe reset\n"),
              ElementsAre(List{"checkpoint_reset", "?"}));
  EXPECT_THAT(classes("- checkpoint reset\n\nSomething else:\n\n- data replay reset\n"),
              ElementsAre(List{"checkpoint_reset"}));
  for (const char* item :
       {"service/runtime reset and evidence deletion", "service/runtime reset\n\n  and deletion",
        "service/runtime reset\n  - of evidence", "service/runtime reset\n\n  ```\n  rm\n  ```",
        "~~service/runtime reset~~", "<b>service/runtime reset</b>", "> service/runtime reset",
        "service/runtime reset: all of it", "everything goes"})
    EXPECT_THAT(classes("- " + std::string(item) + "\n"), ElementsAre(List{"?"})) << item;
  EXPECT_THAT(classes("nothing of the kind\n"), ElementsAre(List{}));
  EXPECT_THAT(classes(""), ElementsAre(List{}));
  const std::string two = "Mandatory reset classes:\n\n- checkpoint reset\n\n";
  EXPECT_THAT(class_lists(two + "Further mandatory reset classes:\n\n- evidence wipe reset\n"),
              ElementsAre(List{"checkpoint_reset"}, List{"?"}));
  EXPECT_THAT(class_lists("- [Mandatory reset classes](#62)\n\n> " + two +
                          "Each reset is one of "
                          "the mandatory reset classes. It has:\n\n- an actor\n"),
              ElementsAre(List{"checkpoint_reset"}));
  EXPECT_THAT(class_lists("- Mandatory reset classes:\n  1. checkpoint reset\n"),
              ElementsAre(List{"checkpoint_reset"}));
}

TEST(Runbook, ReadsTheCorrelationFieldsOfTheFirstSpanThatListsThem) {
  const auto fields = [](std::string_view text) -> std::optional<std::vector<std::string>> {
    const auto span = parse_runbook(text).correlation_span;
    if (!span) return {};
    return split_list(span->text);
  };
  EXPECT_EQ(fields("carry `platform_run_id,scenario_run_id` and `platform_run_id,other`"),
            (std::vector<std::string>{"platform_run_id", "scenario_run_id"}));
  EXPECT_EQ(fields("`a,b` then `phase_id , platform_run_id`"),
            (std::vector<std::string>{"phase_id", "platform_run_id"}));
  EXPECT_EQ(fields("`platform_run_id` alone"), std::nullopt);
  EXPECT_EQ(fields("platform_run_id,scenario_run_id without a span"), std::nullopt);
  EXPECT_EQ(fields("`platform_run_id,cut off"), std::nullopt);
  EXPECT_EQ(fields(""), std::nullopt);
  for (const char* hidden :
       {"<!-- `platform_run_id,a` -->", "~~`platform_run_id,a`~~", "```\n`platform_run_id,a`\n```"})
    EXPECT_EQ(fields(std::string(hidden) + "\n\n`platform_run_id,b`"),
              (std::vector<std::string>{"platform_run_id", "b"}))
        << hidden;
  EXPECT_EQ(parse_runbook("a\n\nb `x\ny` c\n`platform_run_id,b`").correlation_span->line, 5u);
}

}  // namespace
}  // namespace runpin
