#include <gmock/gmock.h>

#include "tests/registry/registry_support.h"

namespace runpin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(RegistryGrammar, ReadsEveryKindOfValue) {
  const Registry registry = parsed(R"(
* `TEXT = "harbour-lights"`
* `COUNT = 300`
* `HUGE = 123456789012345678901234567890`
* `RATE = 0.50`
* `YES = true`
* `NO = false`
* `PORTS = ["a","b", 3]`
* `SORT_KEYS = {"orders":"ts","parts":"id,seq"}`
* `OTHER = TEXT`
)");
  EXPECT_EQ(value_of(registry, "TEXT"), R"("harbour-lights")");
  EXPECT_EQ(value_of(registry, "COUNT"), "300");
  EXPECT_EQ(value_of(registry, "HUGE"), "123456789012345678901234567890");
  EXPECT_EQ(value_of(registry, "RATE"), "0.5");
  EXPECT_EQ(value_of(registry, "YES"), "true");
  EXPECT_EQ(value_of(registry, "NO"), "false");
  EXPECT_EQ(value_of(registry, "PORTS"), R"(["a","b",3])");
  EXPECT_EQ(value_of(registry, "SORT_KEYS"), R"({"orders":"ts","parts":"id,seq"})");
  EXPECT_EQ(value_of(registry, "OTHER"), R"("harbour-lights")");
  EXPECT_THAT(registry.findings(), IsEmpty());
}

TEST(RegistryGrammar, KeepsWhatFollowsTheSpanAsPlainText) {
  const Registry registry = parsed(R"(
* `A = 1` (materialized in lane C)
* `B = "project"` -> `harbour`
* `C = 2` **bold** [link](http://example.test) <b>tag</b>
  and the next line
* `D = 3`
)");
  EXPECT_EQ(registry.get("A").pins.at(0).note, "(materialized in lane C)");
  EXPECT_EQ(registry.get("B").pins.at(0).note, "-> harbour");
  EXPECT_EQ(registry.get("C").pins.at(0).note, "bold link tag and the next line");
  EXPECT_EQ(registry.get("D").pins.at(0).note, "");
}

TEST(RegistryGrammar, ReadsEveryListThatMarkdownKnows) {
  const Registry registry = parsed(
      "+ `PLUS = 1`\n\n- `MINUS = 2`\n  - `NESTED = 3`\n    1. `DEEP = 4`\n\n7) `ORDERED = 5`\n\n"
      "*\t`TAB = 6`\n\n> * `QUOTED = 7`\n\n* * `DOUBLE = 8`\n\n  `not a handle` line\n");
  EXPECT_EQ(registry.all().size(), 8u);
  for (const Handle& handle : registry.all()) EXPECT_EQ(handle.state, HandleState::k_resolved);
  EXPECT_THAT(registry.findings(), IsEmpty());
}

TEST(RegistryGrammar, TakesABareKeyForADeclarationOrAMention) {
  const Registry registry =
      parsed("* `PINNED = 1`\n* `ENTRYPOINT_A`\n* ` PADDED`\n\n1. `PINNED`\n");
  EXPECT_EQ(value_of(registry, "PINNED"), "1");
  EXPECT_EQ(registry.get("PINNED").pins.size(), 2u);
  EXPECT_EQ(value_of(registry, "ENTRYPOINT_A"), "<declared>");
  EXPECT_EQ(value_of(registry, "ABSENT"), "<missing>");
  EXPECT_FALSE(registry.get("ABSENT").position());
  EXPECT_THAT(told(registry), ElementsAre("declared-without-value ENTRYPOINT_A r.md:2:4",
                                          "declared-without-value PADDED r.md:3:5"));
  EXPECT_EQ(registry.findings()[0].level, FindingLevel::k_warning);
}

TEST(RegistryGrammar, CallsPlaceholdersUnresolved) {
  const Registry registry = parsed(
      "* `A = \"TO_PIN\"`\n* `B = TO_PIN`\n* `C = [\"x\",\"TO_PIN\"]`\n* `D = "
      "{\"k\":{\"l\":\"TO_PIN\"}}`\n"
      "* `E = \"\"`\n* `F = []`\n* `G = {}`\n* `H = null`\n* `I = \"TO_PIN_LATER\"`\n* `J = 0`\n* "
      "`K = false`\n");
  for (const char* key : {"A", "B", "C", "D"})
    EXPECT_EQ(value_of(registry, key), "<to_pin>") << key;
  for (const char* key : {"E", "F", "G", "H"}) EXPECT_EQ(value_of(registry, key), "<empty>") << key;
  EXPECT_EQ(value_of(registry, "I"), "\"TO_PIN_LATER\"");
  EXPECT_EQ(value_of(registry, "J"), "0");
  EXPECT_EQ(value_of(registry, "K"), "false");
  EXPECT_THAT(told(registry),
              ElementsAre("to-pin A r.md:1:8", "to-pin B r.md:2:8", "to-pin C r.md:3:8",
                          "to-pin D r.md:4:8", "empty E r.md:5:8", "empty F r.md:6:8",
                          "empty G r.md:7:8", "empty H r.md:8:8"));
}

TEST(RegistryGrammar, LeavesProseAlone) {
  const Registry registry = parsed(R"(# Registry of `handles`

Prose with `FOO`, `P0`, `a = 1`, `{run_id}`, `/path`, `AWS_PROFILE=dev`, `x == y` and TO_PIN = no handle.

* **Status:** v0 (`P(-1)..P17`)
* `TO_PIN` fields are fail-closed
* `{platform_run_id}`
* `/harbour/dev/secret`
* `dev_plan.md` (semantics)
* `harbour-lights`
* `s3://bucket/prefix?x=1`
* `--flag=value`
* `output_id={output_id}`
* `ALERT_1 <= ALERT_2`
* `ALERT_1 == ALERT_2`
* `NOTE: see below`
* `NOTE_A: see below`
* KEY_A: see below
* `ALERT_1 -> ALERT_2`
* MSK = Managed Streaming
* E = mc²

|a|b|
|-|-|
|`x`|= 1|

1. Run checks (`P0` gate).

---
)");
  EXPECT_THAT(told(registry), IsEmpty());
  EXPECT_THAT(registry.all(), IsEmpty());
}

TEST(RegistryGrammar, ReadsNoHandleFromCodeBlocksAndHtmlButSaysSo) {
  const Registry registry = parsed(
      "```\n* `FENCED = 1`\n* prose\n```\n\n<!--\n* `HIDDEN = 2`\n-->\n\n<div>\n> 1. `HTML = "
      "3`\n</div>\n");
  EXPECT_THAT(registry.all(), IsEmpty());
  EXPECT_THAT(told(registry), ElementsAre("not-read FENCED r.md:2:4", "not-read HIDDEN r.md:7:4",
                                          "not-read HTML r.md:11:7"));
  for (const Finding& finding : registry.findings()) EXPECT_EQ(finding.level, FindingLevel::k_note);
}

struct BadLine {
  const char* text;
  const char* key;
  const char* told;
  const char* message;
};

// What looks like a handle line but does not parse, one way to get it wrong a row.
const BadLine k_bad_lines[] = {
    {"* `KEY=VALUE`", "KEY", "malformed KEY r.md:1:4", "one blank on each side"},
    {"* `KEY  = 1`", "KEY", "malformed KEY r.md:1:4", "one blank on each side"},
    {"* `KEY =1`", "KEY", "malformed KEY r.md:1:4", "one blank on each side"},
    {"* `KEY\t= 1`", "KEY", "malformed KEY r.md:1:4", "one blank on each side"},
    {"* `KEY = `", "KEY", "malformed KEY r.md:1:4", "no value"},
    {"* `KEY =`", "KEY", "malformed KEY r.md:1:4", "no value"},
    {"* `KEY :=  1`", "KEY", "malformed KEY r.md:1:4", "another sign"},
    {"* `KEY == 1`", "KEY", "malformed KEY r.md:1:4", "another sign"},
    {"* `KEY: \"x\"`", "KEY", "malformed KEY r.md:1:4", "another sign"},
    {"* `key = 1`", "key", "malformed key r.md:1:4", "no handle name"},
    {"* `Some_Key = x`", "Some_Key", "malformed Some_Key r.md:1:4", "no handle name"},
    {"* `KEY-A = 1`", "KEY-A", "malformed KEY-A r.md:1:4", "no handle name"},
    {"* `1KEY = 1`", "1KEY", "malformed 1KEY r.md:1:4", "no handle name"},
    {"* `KÉY = 1`", "KÉY", "malformed KÉY r.md:1:4", "no handle name"},
    {"* `_KEY = 1`", "_KEY", "malformed _KEY r.md:1:4", "no handle name"},
    {"* `slug=\"x\"`", "slug", "malformed slug r.md:1:4", "no handle name"},
    {"* `TWO WORDS = 1`", "", "malformed  r.md:1:4", "a blank within the key"},
    {"* `K\u00a0=\u00a01`", "K", "malformed K r.md:1:4", "only looks like one of ASCII"},
    {"* `K \uff1d 1`", "K", "malformed K r.md:1:4", "only looks like one of ASCII"},
    {"* `K\u2003= 1`", "K", "malformed K r.md:1:4", "only looks like one of ASCII"},
    {"* `K\f= 1`", "K", "malformed K r.md:1:4", "only looks like one of ASCII"},
    {"* `K\v=\v1`", "K", "malformed K r.md:1:4", "only looks like one of ASCII"},
    {"K_A\x01 = 1", "K_A", "malformed K_A r.md:1:1", "only looks like one of ASCII"},
    {"* `KEY_A: eu-west-1`", "KEY_A", "malformed KEY_A r.md:1:4", "another sign"},
    {"* `KEY -> 1`", "KEY", "malformed KEY r.md:1:4", "another sign"},
    {"* KEY_A: \"x\"", "KEY_A", "malformed KEY_A r.md:1:3", "without a code span"},
    {"KEY_A: 12", "KEY_A", "malformed KEY_A r.md:1:1", "without a code span"},
    {"* `export KEY=1`", "KEY", "malformed KEY r.md:1:11", "a word before the key"},
    {"* `export KEY = \"x\"`", "KEY", "malformed KEY r.md:1:11", "a word before the key"},
    {"export KEY_A=1", "KEY_A", "malformed KEY_A r.md:1:8", "without a code span"},
    {"* `\"KEY\" = 1`", "KEY", "malformed KEY r.md:1:5", "the key in quotes"},
    {"* `KEY = x`", "KEY", "malformed KEY r.md:1:10", "neither JSON nor a handle's name"},
    {"* `KEY = 'x'`", "KEY", "malformed KEY r.md:1:10", "single quote"},
    {"* `KEY = [1,2`", "KEY", "malformed KEY r.md:1:14", "cut off"},
    {"* `KEY = 1 2`", "KEY", "malformed KEY r.md:1:12", "more text behind it"},
    {"* `KEY = {\"a\":1,\"a\":2}`", "KEY", "malformed KEY r.md:1:17", "a second time"},
    {"* `KEY = NaN`", "KEY", "malformed KEY r.md:1:10", "NaN"},
    {"* `KEY = OTHER KEY`", "KEY", "malformed KEY r.md:1:10", "neither JSON nor"},
    {"* `KEY` = 1", "KEY", "malformed KEY r.md:1:4", "outside the code span"},
    {"* `KEY`: \"x\"", "KEY", "malformed KEY r.md:1:4", "outside the code span"},
    {"* `KEY` `= 1`", "KEY", "malformed KEY r.md:1:4", "outside the code span"},
    {"* `key` = \"x\"", "key", "malformed key r.md:1:4", "outside the code span"},
    {"* `KEY = \"x\"", "KEY", "malformed KEY r.md:1:4", "not closed"},
    {"* ``KEY = \"x\"`", "KEY", "malformed KEY r.md:1:5", "not closed"},
    {"* \\`KEY = 1\\`", "KEY", "malformed KEY r.md:1:5", "not closed"},
    {"* `KEY", "KEY", "malformed KEY r.md:1:4", "not closed"},
    {"* KEY = \"x\"", "KEY", "malformed KEY r.md:1:3", "without a code span"},
    {"* SOME_KEY = x", "SOME_KEY", "malformed SOME_KEY r.md:1:3", "without a code span"},
    {"* **KEY** = \"x\"", "KEY", "malformed KEY r.md:1:5", "without a code span"},
    {"* \"KEY\" = 1", "KEY", "malformed KEY r.md:1:4", "without a code span"},
    {"* <code>KEY = 1</code>", "KEY", "malformed KEY r.md:1:9", "without a code span"},
    {"* slug = \"x\"", "slug", "malformed slug r.md:1:3", "without a code span"},
    {"* **`KEY = 1`**", "KEY", "misplaced KEY r.md:1:6", "begin a list item"},
    {"* [`KEY = 1`](http://example.test)", "KEY", "misplaced KEY r.md:1:5", "begin a list item"},
    {"* see `KEY = 1`", "KEY", "misplaced KEY r.md:1:8", "begin a list item"},
    {"* [ ] `KEY = 1`", "KEY", "misplaced KEY r.md:1:8", "begin a list item"},
    {"* `ok.md` `KEY = 1`", "KEY", "misplaced KEY r.md:1:12", "begin a list item"},
    {"* > `KEY = 1`", "KEY", "misplaced KEY r.md:1:6", "begin a list item"},
    {"* text\n\n  `KEY = 1`", "KEY", "misplaced KEY r.md:3:4", "begin a list item"},
    {"* text\n`KEY = 1`", "KEY", "misplaced KEY r.md:2:2", "begin a list item"},
    {"*`KEY = 1`", "KEY", "misplaced KEY r.md:1:3", "begin a list item"},
    {"`KEY = 1`", "KEY", "misplaced KEY r.md:1:2", "begin a list item"},
    {"> `KEY = 1`", "KEY", "misplaced KEY r.md:1:4", "begin a list item"},
    {"## `KEY = 1`", "KEY", "misplaced KEY r.md:1:5", "begin a list item"},
    {"* `KEY = 1`\n  ---", "KEY", "misplaced KEY r.md:1:4", "begin a list item"},
    {"|a|b|\n|-|-|\n|`KEY = 1`|x|", "KEY", "misplaced KEY r.md:3:3", "begin a list item"},
    {"\n    * `KEY = 1`", "KEY", "malformed KEY r.md:2:8", "code block"},
    {"*     `KEY = 1`", "KEY", "malformed KEY r.md:1:8", "code block"},
    {"SOME_KEY = \"x\"", "SOME_KEY", "malformed SOME_KEY r.md:1:1", "without a code span"},
    {"text\n`KEY = \"x\"", "KEY", "malformed KEY r.md:2:2", "not closed"},
};

class RegistryBadLine : public testing::TestWithParam<BadLine> {};

TEST_P(RegistryBadLine, IsAFindingWithItsPlaceAndAFix) {
  const BadLine& line = GetParam();
  const Registry registry = parsed(line.text);
  ASSERT_THAT(told(registry), ElementsAre(line.told)) << line.text;
  const Finding& finding = registry.findings()[0];
  EXPECT_EQ(finding.key, line.key);
  EXPECT_EQ(finding.level, FindingLevel::k_error);
  EXPECT_THAT(finding.message, HasSubstr(line.message)) << line.text;
  EXPECT_NE(finding.fix, "") << line.text;
  EXPECT_FALSE(registry.get(line.key).value) << line.text;
}

TEST_P(RegistryBadLine, LeavesAHandleOfThatNameMalformedEvenWhenItIsAlsoPinned) {
  const BadLine& line = GetParam();
  const std::string key = line.key;
  const bool is_name = !key.empty() &&
                       key.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == std::string::npos &&
                       key[0] != '_';
  const Registry registry =
      parsed(std::string(line.text) + "\n\n---\n\n* `" + (is_name ? key : "FINE") + " = 1`\n");
  EXPECT_EQ(value_of(registry, is_name ? key : "FINE"), is_name ? "<malformed>" : "1") << line.text;
}

INSTANTIATE_TEST_SUITE_P(Table, RegistryBadLine, testing::ValuesIn(k_bad_lines),
                         [](const auto& row) { return "Row" + std::to_string(row.index); });

TEST(RegistryGrammar, NeverRepeatsAValueInAFinding) {
  const Registry registry = parsed(R"(
* `A = hunter2secret`
* `B = "hunter2secret`
* `C = {"hunter2secret":1,"hunter2secret":2}`
* `D = "hunter2secret" "x"`
* `E=hunter2secret`
* `F` = "hunter2secret"
* `G = "hunter2secret"
* see `H = "hunter2secret"`
* `I = "hunter2secret"`
* `I = "hunter2secret too"`
* `J = HUNTER2SECRETHUNTER2SECRET`
)");
  EXPECT_EQ(registry.findings().size(), 10u);
  for (const Finding& finding : registry.findings()) {
    for (const std::string& text : {finding.message, finding.fix, finding.key}) {
      EXPECT_THAT(text, Not(HasSubstr("hunter2"))) << text;
      EXPECT_THAT(text, Not(HasSubstr("HUNTER2"))) << text;
    }
  }
}

TEST(RegistryGrammar, RefusesTextThatIsNotUtf8AndNamesThePlace) {
  const auto registry = Registry::parse("* `A = 1`\n* `B = \"\xFF\"`\n", "docs/r.md");
  ASSERT_FALSE(registry);
  EXPECT_EQ(registry.error().kind, ErrorKind::k_config);
  EXPECT_EQ(registry.error().where, "docs/r.md:2:9");
  EXPECT_THAT(registry.error().message, HasSubstr("UTF-8"));
  EXPECT_THAT(registry.error().fix, HasSubstr("UTF-8"));
}

TEST(RegistryGrammar, RefusesATextThatIsTooLongForOne) {
  EXPECT_TRUE(Registry::parse(std::string(std::size_t{16} << 20, '\n'), "r.md"));
  const auto registry = Registry::parse(std::string((std::size_t{16} << 20) + 1, '\n'), "r.md");
  ASSERT_FALSE(registry);
  EXPECT_THAT(registry.error().message, HasSubstr("16 MiB"));
}

TEST(RegistryGrammar, RefusesANulByteWithinAValue) {
  using namespace std::string_literals;
  const Registry registry = parsed("* `A = \"x\0y\"`\n"s);
  EXPECT_THAT(told(registry), ElementsAre("malformed A r.md:1:10"));
  EXPECT_EQ(value_of(registry, "A"), "<malformed>");
}

TEST(RegistryGrammar, FindsNothingInAnEmptyText) {
  EXPECT_THAT(parsed("").all(), IsEmpty());
  EXPECT_THAT(parsed("").findings(), IsEmpty());
}

}  // namespace
}  // namespace runpin
