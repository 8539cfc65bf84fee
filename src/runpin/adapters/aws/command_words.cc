#include "runpin/adapters/aws/command_words.h"

namespace runpin {
namespace {

struct Splitter {
  std::vector<std::string> words;
  std::optional<std::string> word;
  char quote = 0;

  // Takes text[i] and, behind a backslash, the one after it. False when that one is missing.
  bool take(std::string_view text, std::size_t& i) {
    const char c = text[i];
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (quote == 0 && blank) {
      end_word();
      return true;
    }
    if (!word) word.emplace();
    if (c == '\\' && quote != '\'') {
      if (i + 1 == text.size()) return false;
      const char next = text[++i];
      if (quote == '"' && next != '"' && next != '\\') *word += c;
      *word += next;
    } else if (c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else {
      *word += c;
    }
    return true;
  }

  void end_word() {
    if (word) words.push_back(std::move(*word));
    word.reset();
  }
};

}  // namespace

std::optional<std::vector<std::string>> command_words(std::string_view line) {
  Splitter splitter;
  for (std::size_t i = 0; i < line.size(); ++i)
    if (!splitter.take(line, i)) return {};
  if (splitter.quote != 0) return {};
  splitter.end_word();
  return std::move(splitter.words);
}

}  // namespace runpin
