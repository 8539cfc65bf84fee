#include "runpin/base/bytes.h"

#include <gtest/gtest.h>

#include <string>

namespace runpin {
namespace {

using std::string_literals::operator""s;

TEST(Utf8, AcceptsEveryWellFormedLength) {
  for (const std::string& text :
       {""s, "\0"s, "a\x7f"s, "\xC2\x80"s, "\xDF\xBF"s, "\xE0\xA0\x80"s, "\xED\x9F\xBF"s,
        "\xEE\x80\x80"s, "\xEF\xBF\xBF"s, "\xF0\x90\x80\x80"s, "\xF4\x8F\xBF\xBF"s})
    EXPECT_TRUE(is_utf8(text)) << testing::PrintToString(text);
}

TEST(Utf8, NamesTheFirstByteThatIsNone) {
  const std::pair<std::string, std::size_t> k_table[] = {
      {"\x80", 0},  // a continuation byte alone
      {"ab\xBF", 2},
      {"\xC0\x80", 0},  // overlong
      {"\xC1\xBF", 0},
      {"a\xE0\x80\x80", 1},
      {"a\xE0\x9F\xBF", 1},
      {"\xF0\x80\x80\x80", 0},
      {"\xF0\x8F\xBF\xBF", 0},
      {"\xED\xA0\x80", 0},  // surrogates
      {"\xED\xBF\xBF", 0},
      {"\xF4\x90\x80\x80", 0},  // above U+10FFFF
      {"\xF5\x80\x80\x80", 0},
      {"\xFE", 0},
      {"\xFF", 0},
      {"\xC3\xB6\xC3", 2},  // truncated
      {"\xE2\x82", 0},
      {"x\xF0\x9F\x98", 1},
      {"\xE2\x82x", 0},
      {"\xC3\xC3\xB6", 0},
  };
  for (const auto& [text, offset] : k_table) {
    std::size_t bad = 99;
    EXPECT_FALSE(is_utf8(text, &bad)) << testing::PrintToString(text);
    EXPECT_EQ(bad, offset) << testing::PrintToString(text);
    EXPECT_FALSE(is_utf8(text));
  }
}

// RFC 3629's encoding, written out once more, over every code point.
TEST(Utf8, AcceptsAllCodePointsButSurrogates) {
  for (std::uint32_t code = 0; code <= 0x10FFFF + 0x1000; ++code) {
    const auto tail = [&](int shift) { return static_cast<char>(0x80 | (code >> shift & 0x3F)); };
    std::string text;
    if (code < 0x80)
      text = {static_cast<char>(code)};
    else if (code < 0x800)
      text = {static_cast<char>(0xC0 | code >> 6), tail(0)};
    else if (code < 0x10000)
      text = {static_cast<char>(0xE0 | code >> 12), tail(6), tail(0)};
    else
      text = {static_cast<char>(0xF0 | code >> 18), tail(12), tail(6), tail(0)};
    const bool scalar = code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
    ASSERT_EQ(is_utf8(text), scalar) << std::hex << code;
  }
}

TEST(Lists, SplitAtCommasAndKeepEmptyItems) {
  using Items = std::vector<std::string>;
  EXPECT_EQ(split_list("a,b , c"), (Items{"a", "b", "c"}));
  EXPECT_EQ(split_list(""), (Items{""}));
  EXPECT_EQ(split_list(" , a b\t,"), (Items{"", "a b", ""}));
}

TEST(Lists, JoinWithASeparator) {
  EXPECT_EQ(join({}, ", "), "");
  EXPECT_EQ(join({"a"}, ", "), "a");
  EXPECT_EQ(join({"a", "", "c"}, ", "), "a, , c");
}

TEST(Text, ReplacesEveryOccurrenceOnce) {
  EXPECT_EQ(replace_all("{x}/{x}{y}", "{x}", "1"), "1/1{y}");
  EXPECT_EQ(replace_all("aaa", "a", "aa"), "aaaaaa");
  EXPECT_EQ(replace_all("abc", "x", "y"), "abc");
  EXPECT_EQ(replace_all("abab", "ab", ""), "");
}

}  // namespace
}  // namespace runpin
