#include <gmock/gmock.h>

#include "tests/registry/registry_support.h"

namespace runpin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(RegistryAlias, IsFollowedToItsEnd) {
  const Registry registry = parsed("* `A = B`\n* `B = C`\n* `C = [1,2]`\n* `D = \"C\"`\n");
  EXPECT_EQ(value_of(registry, "A"), "[1,2]");
  EXPECT_EQ(value_of(registry, "B"), "[1,2]");
  EXPECT_EQ(registry.get("A").pins.at(0).alias_of, "B");
  EXPECT_EQ(value_of(registry, "D"), "\"C\"");
  EXPECT_THAT(registry.findings(), IsEmpty());
}

TEST(RegistryAlias, ThatLeadsInACircleIsAFindingThatNamesTheChain) {
  const Registry registry = parsed("* `A = B`\n* `B = C`\n* `C = B`\n* `SELF = SELF`\n");
  for (const char* key : {"A", "B", "C", "SELF"})
    EXPECT_EQ(value_of(registry, key), "<alias_cycle>");
  EXPECT_THAT(told(registry), ElementsAre("alias-cycle A r.md:1:8", "alias-cycle B r.md:2:8",
                                          "alias-cycle C r.md:3:8", "alias-cycle SELF r.md:4:11"));
  EXPECT_THAT(registry.findings()[0].message, HasSubstr("A -> B -> C -> B"));
  EXPECT_THAT(registry.findings()[3].message, HasSubstr("SELF -> SELF"));
  for (const Finding& finding : registry.findings())
    EXPECT_EQ(finding.level, FindingLevel::k_error);
}

TEST(RegistryAlias, ThatLeadsToNoHandleIsAFindingThatNamesTheChain) {
  const Registry registry = parsed("* `A = B`\n* `B = GONE`\n");
  EXPECT_EQ(value_of(registry, "A"), "<alias_cycle>");
  EXPECT_EQ(value_of(registry, "B"), "<alias_cycle>");
  EXPECT_THAT(told(registry),
              ElementsAre("dangling-alias A r.md:1:8", "dangling-alias B r.md:2:8"));
  EXPECT_THAT(registry.findings()[0].message, HasSubstr("A -> B -> GONE"));
}

TEST(RegistryAlias, OfAMalformedHandleMayLeadNowhere) {
  const Registry registry =
      parsed("* `A = GONE`\n* `B = C`\n* `C = 1`\n* see `A = 1` and `B = 1`\n");
  EXPECT_EQ(value_of(registry, "A"), "<malformed>");
  EXPECT_EQ(value_of(registry, "B"), "<malformed>");
  EXPECT_THAT(told(registry), ElementsAre("misplaced A r.md:4:8", "misplaced B r.md:4:20"));
}

TEST(RegistryAlias, TakesOverWhatItsEndLacks) {
  const Registry registry = parsed(
      "* `A = T`\n* `T = \"TO_PIN\"`\n* `B = E`\n* `E = \"\"`\n* `C = D`\n* `D`\n* `F = G`\n* `G = "
      "x`\n"
      "* `H = I`\n* `I = 1`\n* `I = 2`\n");
  EXPECT_EQ(value_of(registry, "A"), "<to_pin>");
  EXPECT_EQ(value_of(registry, "B"), "<empty>");
  EXPECT_EQ(value_of(registry, "C"), "<declared>");
  EXPECT_EQ(value_of(registry, "F"), "<malformed>");
  EXPECT_EQ(value_of(registry, "H"), "<contradicted>");
  EXPECT_THAT(told(registry),
              ElementsAre("unresolved-alias A r.md:1:8", "to-pin T r.md:2:8",
                          "unresolved-alias B r.md:3:8", "empty E r.md:4:8",
                          "unresolved-alias C r.md:5:8", "declared-without-value D r.md:6:4",
                          "unresolved-alias F r.md:7:8", "malformed G r.md:8:8",
                          "unresolved-alias H r.md:9:8", "contradiction I r.md:11:8"));
}

TEST(RegistryAlias, ChainOfTwentyThousandHandlesIsFollowed) {
  std::string text;
  const int count = 20000;
  for (int i = 0; i < count; ++i) {
    text += "* `K" + std::to_string(i) + " = K" + std::to_string(i + 1) + "`\n";
  }
  const Registry whole = parsed(text + "* `K20000 = 7`\n");
  EXPECT_EQ(value_of(whole, "K0"), "7");
  EXPECT_THAT(whole.findings(), IsEmpty());
  const Registry open = parsed(text);
  EXPECT_EQ(value_of(open, "K0"), "<alias_cycle>");
  EXPECT_EQ(open.findings().size(), static_cast<std::size_t>(count));
}

TEST(RegistryAlias, DoublyPinnedLaddersAreSettledOnceARung) {
  std::string text;
  for (int i = 0; i < 60; ++i) {
    const std::string next = std::to_string(i + 1);
    text += "* `L" + std::to_string(i) + " = L" + next + "`\n* `L" + std::to_string(i) + " = R" +
            next + "`\n";
    text += "* `R" + std::to_string(i) + " = R" + next + "`\n* `R" + std::to_string(i) + " = L" +
            next + "`\n";
  }
  const Registry registry = parsed(text + "* `L60 = 1`\n* `R60 = 1`\n");
  EXPECT_EQ(value_of(registry, "L0"), "1");
}

TEST(RegistryDoublePin, OfTheSameValueIsFineAndNoted) {
  const Registry registry = parsed(
      "* `A = {\"x\":1,\"y\":[2]}`\n* `A = { \"y\": [2], \"x\": 1 }`\n* `B = C`\n* `B = 5`\n* `C = "
      "5`\n");
  EXPECT_EQ(value_of(registry, "A"), R"({"x":1,"y":[2]})");
  EXPECT_EQ(value_of(registry, "B"), "5");
  EXPECT_EQ(registry.get("A").pins.size(), 2u);
  EXPECT_THAT(told(registry), ElementsAre("double-pin A r.md:2:4", "double-pin B r.md:4:4"));
  EXPECT_EQ(registry.findings()[0].level, FindingLevel::k_note);
  EXPECT_THAT(registry.findings()[0].message, HasSubstr("r.md:1:4"));
}

TEST(RegistryDoublePin, OfTwoValuesIsAContradictionThatNamesBothPlaces) {
  const char* const pairs[][2] = {
      {"1", "2"},        {"1", "1.0"},   {"\"1\"", "1"}, {"[1]", "[2]"}, {"\"TO_PIN\"", "\"x\""},
      {"\"x\"", "\"\""}, {"OTHER", "4"}, {"EMPTY", "4"}};
  for (const auto& [first, second] : pairs) {
    const Registry registry = parsed("* `OTHER = 3`\n* `EMPTY`\n* `A = " + std::string(first) +
                                     "`\n* `B = 1`\n\n1. `A`\n\n* `A = " + second + "`\n");
    EXPECT_EQ(value_of(registry, "A"), "<contradicted>") << first << " and " << second;
    EXPECT_EQ(registry.get("A").pins.size(), 3u);
    const auto findings = registry.findings();
    const auto found = std::find_if(findings.begin(), findings.end(),
                                    [](const Finding& f) { return f.rule == "contradiction"; });
    ASSERT_NE(found, findings.end()) << first << " and " << second;
    EXPECT_EQ(found->level, FindingLevel::k_error);
    EXPECT_EQ(found->position, (Position{8, 8}));
    EXPECT_THAT(found->message, HasSubstr("r.md:3:8"));
  }
}

TEST(RegistryDoublePin, ThreeTimesPointsAtTheOneThatDiffers) {
  const Registry registry = parsed("* `A = 1`\n* `A = 1`\n* `A = 2`\n");
  EXPECT_THAT(told(registry), ElementsAre("contradiction A r.md:3:8"));
}

}  // namespace
}  // namespace runpin
