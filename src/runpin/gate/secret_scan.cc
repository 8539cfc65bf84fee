#include "runpin/gate/secret_scan.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "runpin/canon/json_writer.h"
#include "runpin/gate/decoded_text.h"
#include "runpin/gate/secret_fields.h"
#include "runpin/gate/secret_formats.h"

namespace runpin {
namespace {

constexpr int k_escape_levels = 3;
constexpr std::size_t k_shortest_base64 = 24;

void find_in(std::string_view text, std::vector<SecretSpan>& found) {
  find_formats(text, found);
  find_secret_fields(text, found);
}

bool is_base64(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/' || c == '-' || c == '_';
}

// Appends what is found in the text behind each long enough base64 token; it stands where the token
// does.
void find_in_base64(std::string_view text, std::vector<SecretSpan>& found) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_base64(text[at])) continue;
    std::size_t end = at;
    while (end < text.size() && is_base64(text[end])) ++end;
    const std::string inner =
        end - at < k_shortest_base64 ? "" : decode_base64_text(text.substr(at, end - at));
    if (!inner.empty()) {
      std::vector<SecretSpan> inside;
      find_in(inner, inside);
      for (const SecretSpan& span : inside) found.push_back({span.rule, at, end});
    }
    at = end;
  }
}

std::vector<SecretSpan> find_everywhere(std::string_view text) {
  std::vector<SecretSpan> all;
  std::vector<DecodedText> levels;
  levels.reserve(k_escape_levels);  // `view` looks into them
  std::string_view view = text;
  while (true) {
    std::vector<SecretSpan> found;
    find_in(view, found);
    find_in_base64(view, found);
    for (SecretSpan span : found) {
      for (auto level = levels.rbegin(); level != levels.rend(); ++level) {
        span.begin = level->source_offset(span.begin);
        span.end = level->source_offset(span.end);
      }
      all.push_back(span);
    }
    if (levels.size() == k_escape_levels) return all;
    levels.push_back(DecodedText::decode(view));
    if (!levels.back().has_escapes()) return all;
    view = levels.back().text();
  }
}

bool by_place(const SecretSpan& a, const SecretSpan& b) {
  return std::tie(a.begin, a.rule, a.end) < std::tie(b.begin, b.rule, b.end);
}

// One finding a secret and rule: what several levels show is one, and a field's opaque value whose
// format is known goes by the format's name alone.
std::vector<SecretSpan> without_repeats(std::vector<SecretSpan> spans) {
  std::sort(spans.begin(), spans.end(), by_place);
  std::map<std::string_view, std::size_t> covered;  // by rule: the end of what was kept so far
  std::vector<SecretSpan> kept;
  for (const SecretSpan& span : spans) {
    const auto [end, is_first] = covered.try_emplace(span.rule, 0);
    if (!is_first && span.begin < end->second) continue;
    end->second = span.end;
    kept.push_back(span);
  }
  std::vector<std::size_t> format_ends;  // of kept formats, each the greatest up to there
  std::vector<std::size_t> format_begins;
  for (const SecretSpan& span : kept) {
    if (span.rule == k_secret_field_rule) continue;
    format_begins.push_back(span.begin);
    format_ends.push_back(std::max(span.end, format_ends.empty() ? 0 : format_ends.back()));
  }
  std::erase_if(kept, [&](const SecretSpan& span) {
    if (span.rule != k_secret_field_rule) return false;
    const auto before = std::lower_bound(format_begins.begin(), format_begins.end(), span.end) -
                        format_begins.begin();
    return before > 0 && format_ends[static_cast<std::size_t>(before - 1)] > span.begin;
  });
  return kept;
}

// Positions of ascending offsets, in one pass.
class PositionCursor {
 public:
  explicit PositionCursor(std::string_view text) : text_(text) {}
  Position at(std::size_t offset) {
    for (; offset_ < offset && offset_ < text_.size(); ++offset_)
      position_ = text_[offset_] == '\n' ? Position{position_.line + 1, 1}
                                         : Position{position_.line, position_.column + 1};
    return position_;
  }

 private:
  std::string_view text_;
  std::size_t offset_ = 0;
  Position position_;
};

}  // namespace

std::vector<SecretFinding> scan_secrets(std::string_view text) {
  std::vector<SecretFinding> findings;
  PositionCursor cursor(text);
  for (const SecretSpan& span : without_repeats(find_everywhere(text)))
    findings.push_back({std::string(span.rule), cursor.at(span.begin)});
  return findings;
}

std::vector<SecretFinding> scan_named_value(std::string_view name, const Json& value) {
  const std::string before = "{" + canonical(Json(name)) + ":";
  const std::string text = before + canonical(value) + "}";
  std::vector<SecretFinding> findings = scan_secrets(text);
  for (SecretFinding& finding : findings) {
    Position& position = finding.position;  // canonical JSON is one line
    position.column -= std::min(position.column - 1, before.size());
  }
  return findings;
}

std::vector<SecretFinding> scan_named_value(const std::vector<std::string>& names,
                                            const Json& value) {
  for (const std::string& name : names)
    if (auto findings = scan_named_value(name, value); !findings.empty()) return findings;
  return {};
}

std::vector<std::string> secret_rules() {
  std::vector<std::string> rules;
  for (const std::string_view rule : format_rules()) rules.emplace_back(rule);
  rules.emplace_back(k_secret_field_rule);
  return rules;
}

}  // namespace runpin
