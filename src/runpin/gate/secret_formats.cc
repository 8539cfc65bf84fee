#include "runpin/gate/secret_formats.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "runpin/gate/secret_format_table.h"

namespace runpin {
namespace {

// The pattern of a format, compiled when its keyword is first seen: most runs never need most of
// them.
struct Compiled {
  std::once_flag once;
  std::unique_ptr<const RE2> pattern;
};

const RE2& compiled(std::size_t index) {
  static std::vector<Compiled> k_compiled(secret_format_table().size());
  Compiled& entry = k_compiled[index];
  std::call_once(entry.once, [&] {
    const SecretFormat& format = secret_format_table()[index];
    const std::string pattern = std::string(format.before) + "(" + std::string(format.secret) +
                                ")" + std::string(format.after);
    entry.pattern = std::make_unique<const RE2>(pattern, RE2::Latin1);
  });
  return *entry.pattern;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Which formats a text may hold, by their keywords, in one pass over it whatever their number.
class KeywordIndex {
 public:
  KeywordIndex() {
    const std::span<const SecretFormat> formats = secret_format_table();
    for (std::size_t format = 0; format < formats.size(); ++format) {
      const std::string_view all = formats[format].keywords;
      for (std::size_t at = 0; at < all.size();) {
        const std::size_t end = std::min(all.find(' ', at), all.size());
        add(all.substr(at, end - at), format);
        at = end + 1;
      }
    }
  }

  // One flag a format, in table order.
  std::vector<bool> formats_in(std::string_view text) const {
    std::vector<bool> present(secret_format_table().size());
    for (std::size_t at = 0; at + 1 < text.size(); ++at)
      for (std::uint8_t i = first_[slot(text[at], text[at + 1])]; i != 0; i = keywords_[i].next)
        if (stands_at(text, at, keywords_[i].text)) present[keywords_[i].format] = true;
    return present;
  }

 private:
  struct Keyword {
    std::string_view text;
    std::size_t format = 0;
    std::uint8_t next = 0;  // another that starts with the same two characters; 0 for none
  };

  static std::size_t slot(char a, char b) {
    return static_cast<std::size_t>(static_cast<unsigned char>(lower(a))) << 8 |
           static_cast<unsigned char>(lower(b));
  }

  static bool stands_at(std::string_view text, std::size_t at, std::string_view keyword) {
    return keyword.size() <= text.size() - at &&
           std::equal(keyword.begin(), keyword.end(),
                      text.begin() + static_cast<std::ptrdiff_t>(at),
                      [](char expected, char c) { return expected == lower(c); });
  }

  void add(std::string_view keyword, std::size_t format) {
    std::uint8_t& head = first_[slot(keyword[0], keyword[1])];
    keywords_.push_back({keyword, format, head});
    head = static_cast<std::uint8_t>(keywords_.size() - 1);
  }

  std::vector<Keyword> keywords_{1};  // [0] stands for none
  std::array<std::uint8_t, 1 << 16> first_{};
};

// True where the last 16 characters are of at most four kinds, as in "AKIAXXXXXXXXXXXXXXXX".
bool is_filler(std::string_view secret) {
  if (secret.size() < 16) return false;
  std::string tail(secret.substr(secret.size() - 16));
  std::sort(tail.begin(), tail.end());
  return std::unique(tail.begin(), tail.end()) - tail.begin() <= 4;
}

void find_format(const SecretFormat& format, const RE2& pattern, std::string_view text,
                 std::vector<SecretSpan>& found) {
  re2::StringPiece groups[2];
  for (std::size_t at = 0; at <= text.size();) {
    if (!pattern.Match(re2::StringPiece(text.data(), text.size()), at, text.size(), RE2::UNANCHORED,
                       groups, 2))
      return;
    const std::string_view secret(groups[1].data(), groups[1].size());
    const auto begin = static_cast<std::size_t>(secret.data() - text.data());
    if (!is_filler(secret) && (!format.check || format.check(secret)))
      found.push_back({format.rule, begin, begin + secret.size()});
    at = begin + secret.size();  // what follows the secret may open the next one
  }
}

}  // namespace

void find_formats(std::string_view text, std::vector<SecretSpan>& found) {
  static const KeywordIndex k_index;
  const std::vector<bool> present = k_index.formats_in(text);
  for (std::size_t i = 0; i < present.size(); ++i)
    if (present[i]) find_format(secret_format_table()[i], compiled(i), text, found);
}

std::vector<std::string_view> format_rules() {
  std::vector<std::string_view> rules;
  for (const SecretFormat& format : secret_format_table())
    if (rules.empty() || rules.back() != format.rule) rules.push_back(format.rule);
  return rules;
}

}  // namespace runpin
