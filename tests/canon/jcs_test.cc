// RFC 8785's own vectors: the examples of sections 3.2.2 to 3.2.4, the number table of appendix B,
// and the sample documents that its author publishes with it
// (github.com/cyberphone/json-canonicalization, testdata).
#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <string>

#include "runpin/canon/float_text.h"
#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"

namespace runpin {
namespace {

std::string jcs_of(std::string_view text) {
  const auto value = read_json(text, "in.json");
  if (!value) return one_line(value.error());
  const auto written = jcs(*value);
  return written ? *written : one_line(written.error());
}

struct Double {
  std::uint64_t bits;
  const char* text;
};

// Appendix B, without its rows for NaN and infinity, which no JSON text can hold.
constexpr Double k_appendix_b[] = {
    {0x0000000000000000, "0"},
    {0x8000000000000000, "0"},
    {0x0000000000000001, "5e-324"},
    {0x8000000000000001, "-5e-324"},
    {0x7fefffffffffffff, "1.7976931348623157e+308"},
    {0xffefffffffffffff, "-1.7976931348623157e+308"},
    {0x4340000000000000, "9007199254740992"},
    {0xc340000000000000, "-9007199254740992"},
    {0x4430000000000000, "295147905179352830000"},
    {0x44b52d02c7e14af5, "9.999999999999997e+22"},
    {0x44b52d02c7e14af6, "1e+23"},
    {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
    {0x444b1ae4d6e2ef4e, "999999999999999700000"},
    {0x444b1ae4d6e2ef4f, "999999999999999900000"},
    {0x444b1ae4d6e2ef50, "1e+21"},
    {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
    {0x3eb0c6f7a0b5ed8d, "0.000001"},
    {0x41b3de4355555553, "333333333.3333332"},
    {0x41b3de4355555554, "333333333.33333325"},
    {0x41b3de4355555555, "333333333.3333333"},
    {0x41b3de4355555556, "333333333.3333334"},
    {0x41b3de4355555557, "333333333.33333343"},
    {0xbecbf647612f3696, "-0.0000033333333333333333"},
    {0x43143ff3c1cb0959, "1424953923781206.2"},
};

TEST(Jcs, WritesTheDoublesOfAppendixB) {
  for (const auto& [bits, text] : k_appendix_b) {
    const auto value = std::bit_cast<double>(bits);
    EXPECT_EQ(ecmascript_text(value), text);
    EXPECT_EQ(jcs_of(python_repr(value)), text);
    EXPECT_EQ(jcs_of(text), text);
  }
}

TEST(Jcs, WritesTheExampleOfSection322) {
  EXPECT_EQ(jcs_of(R"({
       "numbers": [333333333.33333329, 1E30, 4.50,
                   2e-3, 0.000000000000000000000000001],
       "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
       "literals": [null, true, false]
     })"),
            "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
            "\"string\":\"\xE2\x82\xAC$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

TEST(Jcs, SortsTheExampleOfSection323ByUtf16CodeUnit) {
  EXPECT_EQ(jcs_of(R"({
       "\u20ac": "Euro Sign",
       "\r": "Carriage Return",
       "\ufb33": "Hebrew Letter Dalet With Dagesh",
       "1": "One",
       "\ud83d\ude00": "Emoji: Grinning Face",
       "\u0080": "Control",
       "\u00f6": "Latin Small Letter O With Diaeresis"
     })"),
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xC2\x80\":\"Control\","
            "\"\xC3\xB6\":\"Latin Small Letter O With Diaeresis\",\"\xE2\x82\xAC\":\"Euro Sign\","
            "\"\xF0\x9F\x98\x80\":\"Emoji: Grinning Face\","
            "\"\xEF\xAC\xB3\":\"Hebrew Letter Dalet With Dagesh\"}");
}

struct Sample {
  const char *name, *input, *output;
};

constexpr Sample k_samples[] = {
    {"arrays", R"([56, {"d": true, "10": null, "1": [ ]}])", R"([56,{"1":[],"10":null,"d":true}])"},
    {"french",
     "{\"peach\": \"This sorting order\", \"p\xC3\xA9"
     "ch\xC3\xA9\": \"is wrong according to French\", "
     "\"p\xC3\xAA"
     "che\": \"but canonicalization MUST\", \"sin\": \"ignore locale\"}",
     "{\"peach\":\"This sorting order\",\"p\xC3\xA9"
     "ch\xC3\xA9\":\"is wrong according to French\","
     "\"p\xC3\xAA"
     "che\":\"but canonicalization MUST\",\"sin\":\"ignore locale\"}"},
    {"structures",
     R"({"1": {"f": {"f": "hi","F": 5} ,"\n": 56.0}, "10": { }, "": "empty", "a": { },
         "111": [ {"e": "yes","E": "no" } ], "A": { }})",
     R"({"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{},"a":{}})"},
    {"unicode", R"({"Unnormalized Unicode":"A\u030a"})",
     "{\"Unnormalized Unicode\":\"A\xCC\x8A\"}"},
    {"values",
     R"({"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
         "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]})",
     "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
     "\"string\":\"\xE2\x82\xAC$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}"},
    {"weird",
     R"({"\u20ac": "Euro Sign", "\r": "Carriage Return", "\u000a": "Newline", "1": "One",
         "\u0080": "Control\u007f", "\ud83d\ude02": "Smiley",
         "\u00f6": "Latin Small Letter O With Diaeresis", "\ufb33": "Hebrew Letter Dalet With Dagesh",
         "</script>": "Browser Challenge"})",
     "{\"\\n\":\"Newline\",\"\\r\":\"Carriage Return\",\"1\":\"One\",\"</script>\":\"Browser "
     "Challenge\","
     "\"\xC2\x80\":\"Control\x7f\",\"\xC3\xB6\":\"Latin Small Letter O With Diaeresis\","
     "\"\xE2\x82\xAC\":\"Euro Sign\",\"\xF0\x9F\x98\x82\":\"Smiley\","
     "\"\xEF\xAC\xB3\":\"Hebrew Letter Dalet With Dagesh\"}"},
};

TEST(Jcs, WritesTheAuthorsSampleDocuments) {
  for (const auto& [name, input, output] : k_samples) EXPECT_EQ(jcs_of(input), output) << name;
}

TEST(Jcs, WritesIntegersAsTheirNearestDouble) {
  const std::pair<std::string, std::string> k_table[] = {
      {"9007199254740993", "9007199254740992"},
      {"123456789012345678901", "123456789012345680000"},
      {"1000000000000000000000", "1e+21"},
      {"-1000000000000000000000000", "-1e+24"},
      {"-0.0", "0"},
      {"1e-400", "0"},
      {"1" + std::string(308, '0'), "1e+308"},
  };
  for (const auto& [input, output] : k_table) EXPECT_EQ(jcs_of(input), output);
}

TEST(Jcs, RefusesANumberBeyondADoublesRange) {
  const auto written = jcs(*read_json("[1,-" + std::string(400, '9') + "]", "p"));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::k_malformed);
  EXPECT_EQ(one_line(written.error()),
            "expected numbers within the range of a double, as RFC 8785 needs, found -99999999999… "
            "of 401 "
            "characters (write that number as a string)");
}

}  // namespace
}  // namespace runpin
