#include "runpin/canon/json_reader.h"

#include <gtest/gtest.h>

#include <string>

#include "runpin/canon/json_writer.h"

namespace runpin {
namespace {

using std::string_literals::operator""s;

std::string nested(int levels, const std::string& open, const std::string& close) {
  std::string text;
  for (int i = 0; i < levels; ++i) text += open;
  text += "1";
  for (int i = 0; i < levels; ++i) text += close;
  return text;
}

// The canonical bytes, or the error's line.
std::string read(std::string_view text) {
  const auto value = read_json(text, "in.json");
  return value ? canonical(*value) : one_line(value.error());
}

struct Number {
  std::string text, read;
};

class NumberSpelling : public testing::TestWithParam<Number> {};

TEST_P(NumberSpelling, IsPythonsOwn) {
  EXPECT_EQ(read(GetParam().text), GetParam().read);
}

INSTANTIATE_TEST_SUITE_P(Integers, NumberSpelling,
                         testing::Values(Number{"0", "0"}, Number{"-0", "0"}, Number{"-12", "-12"},
                                         Number{"9223372036854775807", "9223372036854775807"},
                                         Number{"-9223372036854775808", "-9223372036854775808"},
                                         Number{"18446744073709551615", "18446744073709551615"},
                                         Number{"18446744073709551616", "18446744073709551616"},
                                         Number{"-9223372036854775809", "-9223372036854775809"},
                                         Number{std::string(700, '9'), std::string(700, '9')}));

INSTANTIATE_TEST_SUITE_P(
    Floats, NumberSpelling,
    testing::Values(Number{"1E5", "100000.0"}, Number{"-0.0", "-0.0"}, Number{"-0e7", "-0.0"},
                    Number{"0.10", "0.1"}, Number{"0.0001", "0.0001"}, Number{"0.00001", "1e-05"},
                    Number{"1e15", "1000000000000000.0"}, Number{"1e16", "1e+16"},
                    Number{"123456789012345.0", "123456789012345.0"}, Number{"1e100", "1e+100"},
                    Number{"333333333.33333329", "333333333.3333333"},
                    Number{"9007199254740993.0", "9007199254740992.0"}, Number{"1e23", "1e+23"},
                    Number{"2.2250738585072011e-308", "2.225073858507201e-308"},
                    Number{"5e-324", "5e-324"}, Number{"1e-400", "0.0"}, Number{"-1e-400", "-0.0"},
                    Number{"0e400", "0.0"}, Number{"1e-99999999999999999999", "0.0"},
                    Number{"0." + std::string(400, '0') + "1e401", "1.0"},
                    Number{"1.7976931348623158e308", "1.7976931348623157e+308"}));

struct Refusal {
  std::string text, line;
};

class RefusedJson : public testing::TestWithParam<Refusal> {};

TEST_P(RefusedJson, IsNamedWithItsPlaceAndCure) {
  const auto value = read_json(GetParam().text, "in.json");
  ASSERT_FALSE(value) << canonical(*value);
  EXPECT_EQ(value.error().kind, ErrorKind::k_malformed);
  EXPECT_EQ(one_line(value.error()), GetParam().line);
}

const std::string k_cut_off =
    ": expected the rest of the JSON document, found its end: it is cut off (get the whole "
    "document again)";
const std::string k_twice =
    ": expected each key once in an object, found this key a second time (keep one of the two)";
const std::string k_too_large =
    ": expected a number within the range of a double, found a larger one (write it as a string, "
    "or without "
    "point and exponent)";
const std::string k_no_number =
    ": expected JSON, found NaN or an infinity, which are no JSON numbers (use null or a string)";
const std::string k_not_utf8 = ": expected UTF-8, found a byte that is none (save it as UTF-8)";
const std::string k_nul = ": expected JSON text, found a NUL byte (save it as UTF-8 without NUL)";
const std::string k_trailing =
    ": expected the end of the JSON document, found more text behind it (keep one JSON value in "
    "the document)";
const std::string k_too_deep =
    ": expected at most 512 levels of nesting, found more (make the document flatter)";

INSTANTIATE_TEST_SUITE_P(
    CutOff, RefusedJson,
    testing::Values(Refusal{"{\"a\":\n[1,", "in.json:2:4" + k_cut_off},
                    Refusal{"\"abc", "in.json:1:5" + k_cut_off},
                    Refusal{"tru", "in.json:1:4" + k_cut_off},
                    Refusal{"1.", "in.json:1:3" + k_cut_off},
                    Refusal{
                        "\n ",
                        "in.json:2:2: expected a JSON value, found an empty document (write the "
                        "value)"}));

INSTANTIATE_TEST_SUITE_P(
    Keys, RefusedJson,
    testing::Values(Refusal{"{\"a\":1,\n  \"a\":2}", "in.json:2:3" + k_twice},
                    Refusal{"{\"a\":1,\"\\u0061\":2}", "in.json:1:8" + k_twice},
                    Refusal{"{\"\":{},\"\":1}", "in.json:1:8" + k_twice},
                    Refusal{R"([{"q\"":{"x":1,"x":2}}])", "in.json:1:16" + k_twice},
                    Refusal{R"({"\"\\":1,"\"\\":2})", "in.json:1:11" + k_twice}));

INSTANTIATE_TEST_SUITE_P(
    Numbers, RefusedJson,
    testing::Values(Refusal{"[1e400]", "in.json:1:2" + k_too_large},
                    Refusal{"[\n -1e400]", "in.json:2:2" + k_too_large},
                    Refusal{"1.8e308", "in.json:1:1" + k_too_large},
                    Refusal{"1e99999999999999999999", "in.json:1:1" + k_too_large},
                    Refusal{"[1, NaN]", "in.json:1:5" + k_no_number},
                    Refusal{"-Infinity", "in.json:1:1" + k_no_number},
                    Refusal{"[-01]",
                            "in.json:1:2: expected JSON, found a number with a leading zero (take "
                            "the leading zeros out)"}));

INSTANTIATE_TEST_SUITE_P(Bytes, RefusedJson,
                         testing::Values(Refusal{"[\"\xC0\x80\"]", "in.json:1:3" + k_not_utf8},
                                         Refusal{"\"\xED\xA0\x80\"", "in.json:1:2" + k_not_utf8},
                                         Refusal{"{}\n\xFF", "in.json:2:1" + k_not_utf8},
                                         Refusal{"{}\0junk"s, "in.json:1:3" + k_nul},
                                         Refusal{"\"\0\""s, "in.json:1:2" + k_nul}));

INSTANTIATE_TEST_SUITE_P(
    Syntax, RefusedJson,
    testing::Values(
        Refusal{"{}\n{}", "in.json:2:1" + k_trailing}, Refusal{"[] x", "in.json:1:4" + k_trailing},
        Refusal{"[1,]", "in.json:1:4: expected a value, found ']' (correct the document there)"},
        Refusal{
            "{\"a\":1,}",
            "in.json:1:8: expected a key in double quotes, found '}' (correct the document there)"},
        Refusal{"[1 \"b\"]",
                "in.json:1:4: expected ',' or ']', found a string literal (correct the document "
                "there)"},
        Refusal{"[tru]",
                "in.json:1:2: expected JSON, found a word that is no JSON value (put strings in "
                "double quotes)"},
        Refusal{"{'a':1}",
                "in.json:1:2: expected JSON, found a single quote (put strings in double quotes)"},
        Refusal{"1 // one", "in.json:1:3" + k_trailing},
        Refusal{"// one\n1", "in.json:1:1: expected JSON, found a comment (take the comment out)"},
        Refusal{"\"\\ud800\"",
                "in.json:1:8: expected JSON, found an invalid string: surrogate U+D800..U+DBFF "
                "must be followed "
                "by U+DC00..U+DFFF (correct the document there)"},
        Refusal{"\"a\nb\"",
                "in.json:1:3: expected JSON, found an invalid string: control character U+000A "
                "(LF) must be "
                "escaped to \\u000A or \\n (correct the document there)"}));

INSTANTIATE_TEST_SUITE_P(
    Nesting, RefusedJson,
    testing::Values(Refusal{nested(513, "[", "]"), "in.json:1:513" + k_too_deep},
                    Refusal{nested(513, "\n{\"a\":", "}"), "in.json:514:1" + k_too_deep},
                    Refusal{nested(257, "[{\"a\":", "}]"), "in.json:1:1537" + k_too_deep},
                    Refusal{std::string(1000000, '['), "in.json:1:513" + k_too_deep}));

TEST(JsonReader, AcceptsFiveHundredAndTwelveLevels) {
  for (const auto& text :
       {nested(512, "[", "]"), nested(512, "{\"a\":", "}"), nested(256, "[{\"a\":", "}]")})
    EXPECT_EQ(read(text), text);
}

TEST(JsonReader, CountsOpenLevelsOnly) {
  std::string text = "[[]";
  for (int i = 0; i < 1000; ++i) text += ",[{}]";
  text += "]";
  EXPECT_EQ(read(text), text);
}

TEST(JsonReader, ReadsEveryKindOfValue) {
  const auto value =
      read_json(R"( {"n":null,"t":true,"f":false,"i":-7,"d":1.50,"s":"x","a":[1],"o":{}} )", "p");
  ASSERT_TRUE(value);
  EXPECT_TRUE((*value)["n"].is_null());
  EXPECT_TRUE((*value)["t"].is_true());
  EXPECT_EQ(*(*value)["f"].if_bool(), false);
  EXPECT_EQ((*value)["i"].integer(), -7);
  EXPECT_EQ((*value)["d"].if_number()->text, "1.5");
  EXPECT_EQ((*value)["s"].text(), "x");
  EXPECT_EQ((*value)["a"], array({1}));
  EXPECT_TRUE((*value)["o"].is_object());
}

TEST(JsonReader, ReadsEscapesAndSurrogatePairs) {
  EXPECT_EQ(read_json(R"("\u0041\ud83d\uDE00\/\u0000\b")", "p")->text(), "A\xF0\x9F\x98\x80/\0\b"s);
}

TEST(JsonReader, SkipsOneByteOrderMark) {
  EXPECT_EQ(read("\xEF\xBB\xBF{}"), "{}");
  EXPECT_EQ(read("\xEF\xBB\xBF\xEF\xBB\xBF{}"),
            "in.json:1:4: expected JSON, found a character that has no place outside a string "
            "(correct the "
            "document there)");
}

TEST(JsonReader, ShiftsPositionsByTheOrigin) {
  const Position origin{10, 21};
  EXPECT_EQ(read_json("[1,]", "r.md", origin).error().where, "r.md:10:24");
  EXPECT_EQ(read_json("[1,\n ]", "r.md", origin).error().where, "r.md:11:2");
  EXPECT_EQ(read_json("", "r.md", origin).error().where, "r.md:10:21");
}

TEST(JsonReader, RefusesEveryProperPrefixOfADocument) {
  const std::string text = R"({"a":[1.5e3,"x\u0041\ud83d\ude00",{"b":true,"c":null}],"d":{}})";
  ASSERT_EQ(read_json(text, "p")->members().size(), 2u);
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto value = read_json(text.substr(0, size), "p");
    ASSERT_FALSE(value) << text.substr(0, size);
    EXPECT_EQ(value.error().where, "p:1:" + std::to_string(size + 1));
  }
}

TEST(JsonReader, NeverRepeatsTheDocumentInAnError) {
  for (const std::string text :
       {"{\"key\": hunter2}", "{\"hunter2\": 1, \"hunter2\": 2}", "[\"hunter2\n\"]",
        "{\"key\": \"hunter2\" 1}", "{} hunter2", "'hunter2'"})
    EXPECT_EQ(read(text).find("hunter2"), std::string::npos) << read(text);
}

}  // namespace
}  // namespace runpin
