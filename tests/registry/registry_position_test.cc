#include <gmock/gmock.h>

#include "tests/registry/registry_support.h"

namespace runpin {
namespace {

struct Placed {
  const char* what;
  std::string text;
  const char* value;
};

// In each text '@' stands right before the key and '$' right before the value; both are taken out
// and tell where the positions must be.
const Placed k_placed[] = {
    {"first line", "* `@KEY = $1`\n", "1"},
    {"plus bullet", "text\n\n+ `@KEY = $1`\n", "1"},
    {"minus bullet, far span", "-   `@KEY = $1`\n", "1"},
    {"tab behind the bullet", "*\t`@KEY = $1`\n", "1"},
    {"tab and blank behind the bullet", "* \t`@KEY = $1`\n", "1"},
    {"nested by blanks", "* a\n  * b\n    * `@KEY = $1`\n", "1"},
    {"nested by tabs", "* a\n\n\t* `@KEY = $1`\n", "1"},
    {"ordered", "1. a\n2. `@KEY = $1`\n", "1"},
    {"ordered with bracket", "10) `@KEY = $1`\n", "1"},
    {"list in a list item", "* - + `@KEY = $1`\n", "1"},
    {"block quote", "> * `@KEY = $1`\n", "1"},
    {"two block quotes without blanks", ">>* `@KEY = $1`\n", "1"},
    {"list, quote, list", "* > * `@KEY = $1`\n", "1"},
    {"after a lazy line", "* a\nlazy\n* `@KEY = $1`\n", "1"},
    {"double backticks", "* `` @KEY = $\"a`b\" ``\n", "\"a`b\""},
    {"double backticks without padding", "* ``@KEY = $\"a`b\"``\n", "\"a`b\""},
    {"three backticks", "* ``` @KEY = $\"``\" ```\n", "\"``\""},
    {"padding on both sides", "* ` @KEY = $1 `\n", "1"},
    {"more blanks within", "* `  @KEY = $ 1  `\n", "1"},
    {"two blanks before the value", "* `@KEY =  $1`\n", "1"},
    {"span over two lines", "* `@KEY = $[1,\n  2]`\n", "[1,2]"},
    {"break before the value", "* `@KEY =\n  $[1,2]`\n", "[1,2]"},
    {"break before the sign", "* `@KEY\n  = $1`\n", "1"},
    {"break behind the backtick", "* `\n  @KEY = $1\n  `\n", "1"},
    {"break within a string is one blank", "* `@KEY =\n  $\"a\n  b\"`\n", "\"a b\""},
    {"break in a block quote", "> * `@KEY =\n>   $\"a\n>   b\"`\n", "\"a b\""},
    {"lazy break in a block quote", "> > * `@KEY =\n$1`\n", "1"},
    {"lazy breaks with blanks that stay", "> * ` @KEY =\n $1\n  `\n", "1"},
    {"lazy break behind the backtick", "> * `\n   @KEY = $1\n > `\n", "1"},
    {"tab that is content in part", "1. * `@KEY = $[1,\n\t2]`\n", "[1,2]"},
    {"lazy break in a list", "* `@KEY =\n$1` note\n", "1"},
    {"CRLF", "* x\r\n* `@KEY =\r\n  $1` note\r\n", "1"},
    {"after a BOM", "\xEF\xBB\xBF* `@KEY = $1`\n", "1"},
    {"after a BOM and a line", "\xEF\xBB\xBF# h\n* `@KEY = $1`\n", "1"},
    {"no newline at the end", "* `@KEY = $1`", "1"},
    {"behind a link definition", "* [a]: /b\n  `@KEY = $1`\n", "1"},
    {"UTF-8 before it", "Grüße, 世界\n\n* ä\n* `@KEY = $\"世\"` ü\n", "\"世\""},
    {"alias", "* `@KEY = $T`\n\n* `T = 5`", "5"},
};

class RegistryPosition : public testing::TestWithParam<Placed> {};

TEST_P(RegistryPosition, IsThatOfTheKeyAndOfTheValue) {
  std::string text = GetParam().text;
  const std::size_t key = text.find('@');
  text.erase(key, 1);
  const std::size_t dollar = text.find('$');
  text.erase(dollar, 1);
  const std::size_t value = text.find_first_not_of(' ', dollar);
  const Registry registry = parsed(text);
  EXPECT_EQ(value_of(registry, "KEY"), GetParam().value) << GetParam().what;
  ASSERT_EQ(registry.get("KEY").pins.size(), 1u) << GetParam().what;
  const Pin pin = registry.get("KEY").pins[0];
  EXPECT_EQ(pin.key_position, position_at(text, key)) << GetParam().what;
  EXPECT_EQ(pin.value_position, position_at(text, value)) << GetParam().what;
  EXPECT_EQ(registry.get("KEY").position(), pin.key_position) << GetParam().what;
  EXPECT_THAT(registry.findings(), testing::IsEmpty()) << GetParam().what;
}

INSTANTIATE_TEST_SUITE_P(Table, RegistryPosition, testing::ValuesIn(k_placed),
                         [](const auto& row) { return "Row" + std::to_string(row.index); });

TEST(RegistryPositions, PointIntoAValueThatGoesWrongOnItsSecondLine) {
  const Registry registry = parsed("* `A = 1`\n* `B = [1,\n     2,, 3]` note\n");
  ASSERT_EQ(registry.findings().size(), 1u);
  EXPECT_EQ(where("r.md", registry.findings()[0].position), "r.md:3:8");
}

TEST(RegistryPositions, NameThePlaceWithAValueBeforeABareMention) {
  const Registry registry = parsed("1. `A`\n\n* `A = 1`\n");
  EXPECT_EQ(registry.get("A").position(), (Position{3, 4}));
  EXPECT_EQ(registry.get("A").pins.at(0).value_position, (Position{1, 5}));
}

TEST(RegistryPositions, NameTheFirstMalformedLineBeforeAValue) {
  const Registry registry = parsed("* `A = 1`\n* `A`\n* `A=2`\n\nand `A = 3`\n");
  EXPECT_EQ(registry.get("A").position(), (Position{3, 4}));
}

}  // namespace
}  // namespace runpin
