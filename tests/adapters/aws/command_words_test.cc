#include "runpin/adapters/aws/command_words.h"

#include <gtest/gtest.h>

namespace runpin {
namespace {

TEST(CommandWords, SplitsByQuotingAlone) {
  struct Row {
    const char* line;
    std::vector<std::string> words;
  };
  const std::vector<Row> rows{
      {"", {}},
      {"  a  b\tc ", {"a", "b", "c"}},
      {"'a b' \"c d\" e\\ f", {"a b", "c d", "e f"}},
      {"a'b'\"c\"d", {"abcd"}},
      {"'' \"\"", {"", ""}},
      {"\"a\\\"b\\\\c\\d\"", {"a\"b\\c\\d"}},
      {"'a\\b'", {"a\\b"}},
      {"$HOME *.txt; ls|wc", {"$HOME", "*.txt;", "ls|wc"}},
  };
  for (const Row& row : rows) EXPECT_EQ(command_words(row.line), row.words) << row.line;
  for (const char* line : {"'a", "\"a", "a\\", "\"a\\"}) EXPECT_FALSE(command_words(line)) << line;
}

}  // namespace
}  // namespace runpin
