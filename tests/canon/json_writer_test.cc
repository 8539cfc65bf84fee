#include "runpin/canon/json_writer.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "runpin/canon/json_reader.h"

namespace runpin {
namespace {

using std::string_literals::operator""s;

TEST(CanonicalJson, SortsKeysByCodePointAtEveryLevel) {
  const Json value = object({{"b", 1},
                             {"a", object({{"z", 1}, {"A", 2}, {"", 3}})},
                             {"\xF0\x9F\x98\x80", 4},  // U+1F600
                             {"\xEF\xAC\xB3", 5},      // U+FB33
                             {"\xC3\xB6", 6}});        // U+00F6
  EXPECT_EQ(canonical(value),
            "{\"a\":{\"\":3,\"A\":2,\"z\":1},\"b\":1,\"\xC3\xB6\":6,\"\xEF\xAC\xB3\":5,"
            "\"\xF0\x9F\x98\x80\":4}");
}

TEST(CanonicalJson, EscapesControlCharactersQuotesAndBackslashesOnly) {
  EXPECT_EQ(canonical("\0\x01\b\t\n\v\f\r\x1f\"\\/\x7f\xE2\x80\xA8"s),
            "\"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f\\\"\\\\/\x7f\xE2\x80\xA8\"");
}

TEST(CanonicalJson, WritesScalarsAndEmptyContainers) {
  EXPECT_EQ(canonical(array({nullptr, true, false, -5, std::size_t{18446744073709551615u}, "",
                             Json::Array{}, Json::Object{}})),
            R"([null,true,false,-5,18446744073709551615,"",[],{}])");
}

TEST(PrettyJson, IndentsByTwoSpacesAndEndsWithANewline) {
  const Json value = object({{"b", array({1, array({2}), Json::Array{}})}, {"a", Json::Object{}}});
  EXPECT_EQ(pretty(value),
            "{\n  \"a\": {},\n  \"b\": [\n    1,\n    [\n      2\n    ],\n    []\n  ]\n}\n");
  EXPECT_EQ(pretty(Json::Array{}), "[]\n");
  EXPECT_EQ(pretty("x"), "\"x\"\n");
}

// A random value with seeded choices; strings mix ASCII, control characters and every length of
// UTF-8.
Json random_value(std::mt19937_64& random, int levels) {
  const auto pick = [&](std::uint64_t n) { return random() % n; };
  const auto text = [&] {
    static const std::string k_parts[] = {
        "a", "Z", "\"", "\\", "\n", "\0"s, "\x7f", "\xC3\xB6", "\xEF\xAC\xB3", "\xF0\x9F\x98\x80",
        "/", " "};
    std::string made;
    for (auto left = pick(5); left > 0; --left) made += k_parts[pick(std::size(k_parts))];
    return made;
  };
  switch (pick(levels > 0 ? 7 : 5)) {
    case 0:
      return nullptr;
    case 1:
      return pick(2) == 0;
    case 2:
      return static_cast<std::int64_t>(random());
    case 3:
      return JsonNumber{std::to_string(pick(9) + 1) + std::string(pick(60), '7')};
    case 4:
      return text();
    case 5: {
      Json::Array items;
      for (auto left = pick(5); left > 0; --left) items.push_back(random_value(random, levels - 1));
      return items;
    }
    default: {
      Json::Object members;
      for (auto left = pick(5); left > 0; --left)
        members.insert_or_assign(text(), random_value(random, levels - 1));
      return members;
    }
  }
}

TEST(JsonForms, ReadBackAsTheSameValue) {
  std::mt19937_64 random(20260223);
  for (int i = 0; i < 5000; ++i) {
    const Json value = random_value(random, 4);
    ASSERT_EQ(read_json(canonical(value), "p"), value) << canonical(value);
    ASSERT_EQ(read_json(pretty(value), "p"), value) << pretty(value);
  }
}

TEST(JsonForms, JcsIsAFixedPointOfItself) {
  std::mt19937_64 random(20260224);
  for (int i = 0; i < 5000; ++i) {
    const auto once = jcs(random_value(random, 4));
    ASSERT_TRUE(once);
    ASSERT_EQ(jcs(*read_json(*once, "p")), *once);
  }
}

}  // namespace
}  // namespace runpin
