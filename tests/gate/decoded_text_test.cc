#include "runpin/gate/decoded_text.h"

#include <gtest/gtest.h>

#include "runpin/canon/json_writer.h"
#include "tests/gate/corpus_random.h"

namespace runpin {
namespace {

TEST(DecodedText, ResolvesTheEscapesOfJsonAndUrls) {
  EXPECT_EQ(DecodedText::decode("a\\n\\t\\\"\\\\\\/\\u0041\\u00e9\\x42%2F%zz%4").text(),
            "a\n\t\"\\/A\xc3\xa9"
            "B/%zz%4");
  EXPECT_EQ(DecodedText::decode("C:\\quux \\u12 \\").text(), "C:\\quux \\u12 \\");
}

TEST(DecodedText, SaysWhetherThereWereEscapes) {
  EXPECT_TRUE(DecodedText::decode("a%41").has_escapes());
  EXPECT_FALSE(DecodedText::decode("100% \\q").has_escapes());
}

TEST(DecodedText, LeadsBackToTheSource) {
  const std::string source = "ab\\u0043d%45f";
  const DecodedText decoded = DecodedText::decode(source);
  ASSERT_EQ(decoded.text(), "abCdEf");
  const std::size_t expected[] = {0, 1, 2, 8, 9, 12, 13};
  for (std::size_t i = 0; i <= 6; ++i) EXPECT_EQ(decoded.source_offset(i), expected[i]) << i;
}

TEST(DecodedText, UndoesTheWritersEscapes) {
  CorpusRandom random(3);
  for (int i = 0; i < 2000; ++i) {
    const std::string text = random.of("ab\"\\/\n\t\x01 z", random.below(40));
    EXPECT_EQ(DecodedText::decode(canonical(Json(text))).text(), "\"" + text + "\"");
  }
}

TEST(DecodedText, DecodesBase64OnlyOfText) {
  CorpusRandom random(4);
  for (int i = 0; i < 500; ++i) {
    const std::string text = random.of("abc \t\n{}:\"~", random.below(60));
    EXPECT_EQ(decode_base64_text(base64_of(text)), text);
    EXPECT_EQ(decode_base64_text(base64url_of(text)), text);
  }
  EXPECT_EQ(decode_base64_text(base64_of("text \xff text")), "");
  EXPECT_EQ(decode_base64_text("not base64!"), "");
}

}  // namespace
}  // namespace runpin
