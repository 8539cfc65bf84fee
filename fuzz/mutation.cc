#include "fuzz/mutation.h"

namespace runpin::fuzz {
namespace {

constexpr std::size_t k_longest_cut = 64;
constexpr std::string_view k_telling_bytes{"\0\t\n\r \"#'*+,-./01:<=>E\\`e{|}\x7f\x80\xc3\xff", 31};

}  // namespace

std::size_t Mutation::below(std::size_t bound) {
  return bound == 0 ? 0 : random_() % bound;
}

void Mutation::change(std::string& text) {
  const std::size_t at = below(text.size() + 1);
  switch (below(7)) {
    case 0:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
      break;
    case 1:
      if (at < text.size()) text[at] = k_telling_bytes[below(k_telling_bytes.size())];
      break;
    case 2:
      text.insert(at, 1, k_telling_bytes[below(k_telling_bytes.size())]);
      break;
    case 3:
      text.erase(at, 1 + below(k_longest_cut));
      break;
    case 4:
      text.insert(at, std::string(text, below(text.size() + 1), 1 + below(k_longest_cut)));
      break;
    case 5: {
      const std::string& other = corpus_[below(corpus_.size())];
      text.replace(at, below(k_longest_cut), other, below(other.size() + 1), below(k_longest_cut));
      break;
    }
    default:
      if (!words_.empty()) text.replace(at, below(3), words_[below(words_.size())]);
  }
}

std::string Mutation::next() {
  std::string text = corpus_[below(corpus_.size())];
  for (std::size_t changes = 1 + below(6); changes > 0; --changes) change(text);
  return text;
}

}  // namespace runpin::fuzz
