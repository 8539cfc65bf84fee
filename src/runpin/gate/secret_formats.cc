#include "runpin/gate/secret_formats.h"

#include <re2/re2.h>

#include <algorithm>
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

bool holds_keyword(std::string_view lowercase, std::string_view keywords) {
  for (std::size_t at = 0; at < keywords.size();) {
    const std::size_t end = std::min(keywords.find(' ', at), keywords.size());
    if (lowercase.find(keywords.substr(at, end - at)) != std::string_view::npos) return true;
    at = end + 1;
  }
  return false;
}

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

void find_formats(const SearchText& searched, std::vector<SecretSpan>& found) {
  const std::span<const SecretFormat> formats = secret_format_table();
  for (std::size_t i = 0; i < formats.size(); ++i)
    if (holds_keyword(searched.lowercase, formats[i].keywords))
      find_format(formats[i], compiled(i), searched.text, found);
}

std::vector<std::string_view> format_rules() {
  std::vector<std::string_view> rules;
  for (const SecretFormat& format : secret_format_table())
    if (rules.empty() || rules.back() != format.rule) rules.push_back(format.rule);
  return rules;
}

}  // namespace runpin
