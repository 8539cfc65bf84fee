#include "runpin/registry/handle_line.h"

#include <algorithm>

#include "runpin/base/ascii.h"
#include "runpin/canon/json_reader.h"

namespace runpin {
namespace {

constexpr std::string_view k_blanks = " \t";
constexpr std::string_view k_digits = "0123456789";

bool is_name_byte(char c) {
  return is_upper(c) || is_digit(c) || c == '_';
}
bool is_word_byte(char c) {
  return is_name_byte(c) || is_lower(c) || c == '.' || c == '-' ||
         static_cast<unsigned char>(c) > 127;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(k_blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(k_blanks) - first + 1);
}

// Takes the leading bytes of `set` off `text` and gives their count.
std::size_t drop_leading(std::string_view& text, std::string_view set) {
  const std::size_t count = std::min(text.find_first_not_of(set), text.size());
  text.remove_prefix(count);
  return count;
}

bool is_literal(std::string_view text) {
  return read_json(trim(text), "").has_value();
}

bool begins_literal(std::string_view text) {
  if (text.empty()) return false;
  return std::string_view("\"[{").find(text[0]) != std::string_view::npos ||
         text.find_first_of(k_digits) == (text[0] == '-' ? 1u : 0u) || text.starts_with("true") ||
         text.starts_with("false") || text.starts_with("null");
}

// One word, an assignment sign, and the rest, with what stands around them.
struct Assignment {
  std::string_view key;
  std::size_t key_index = 0;
  std::string_view sign;  // "=", "==", ":=", "+=", "?=", "=>", "->" or ":"
  bool spaced = false;    // a blank on both sides of the sign
  bool quoted = false;    // the key stands in quotes
  bool exported = false;  // the shell's word stands before the key
  std::string_view rest;
};

std::string_view sign_of(std::string_view text) {
  for (const std::string_view sign : {"==", "=>", "->", ":=", "+=", "?=", "=", ":"}) {
    if (text.starts_with(sign)) return text.substr(0, sign.size());
  }
  return {};
}

std::optional<Assignment> read_assignment(std::string_view text) {
  Assignment found;
  found.key_index = drop_leading(text, k_blanks);
  if (constexpr std::string_view k_export = "export "; text.starts_with(k_export)) {
    found.exported = true;
    text.remove_prefix(k_export.size());
    found.key_index += k_export.size() + drop_leading(text, k_blanks);
  }
  const std::size_t quotes = drop_leading(text, "\"'");
  found.key_index += quotes;
  const auto key_end = std::find_if_not(text.begin(), text.end(), is_word_byte) - text.begin();
  found.key = text.substr(0, static_cast<std::size_t>(key_end));
  if (found.key.empty() || found.key[0] == '-' || found.key[0] == '.') return std::nullopt;
  text.remove_prefix(found.key.size());
  found.quoted = quotes > 0 && drop_leading(text, "\"'") > 0;
  const bool blank_before = drop_leading(text, k_blanks) > 0;
  found.sign = sign_of(text);
  if (found.sign.empty()) return std::nullopt;
  text.remove_prefix(found.sign.size());
  found.spaced = blank_before && (text.empty() || k_blanks.find(text[0]) != std::string_view::npos);
  found.rest = trim(text);
  return found;
}

// Signs that prose has too: they are meant to pin only before a value.
bool is_weak(std::string_view sign) {
  return sign == ":" || sign == "==" || sign == "->";
}

bool has_underscore(std::string_view key) {
  return key.find('_') != std::string_view::npos;
}

// "AWS_REGION: eu-west-1", as YAML has it: one word behind a name that no prose has.
bool is_pinned_word(const Assignment& found) {
  return found.sign == ":" && has_underscore(found.key) && !found.rest.empty() &&
         found.rest.find_first_of(k_blanks) == std::string_view::npos;
}

std::string flaw_of(const Assignment& found) {
  if (found.quoted) return "the key in quotes";
  if (found.exported) return "a word before the key";
  if (!is_handle_name(found.key)) return "a key that is no handle name";
  if (found.sign != "=") return "another sign than =";
  if (found.rest.empty()) return "no value";
  return "not one blank on each side of =";
}

Suspect suspect_of(const Assignment& found) {
  return {std::string(found.key), found.key_index, flaw_of(found)};
}

// "KEY A = 1": nothing but words of handle names before the first '='.
std::optional<Suspect> suspect_of_many_words(std::string_view text) {
  const auto sign = text.find('=');
  if (sign == std::string_view::npos) return std::nullopt;
  const std::string_view left = trim(text.substr(0, sign));
  const bool words = !left.empty() && is_upper(left[0]) &&
                     std::all_of(left.begin(), left.end(),
                                 [](char c) { return is_name_byte(c) || c == ' ' || c == '\t'; });
  if (!words || left.find_first_of(k_blanks) == std::string_view::npos) return std::nullopt;
  return Suspect{"", text.find_first_not_of(k_blanks), "a blank within the key"};
}

// "KEY\u00a0= 1", "KEY \uff1d 1", "KEY\f= 1": blanks and signs that only look like those of the
// grammar, also where they cannot be seen at all.
std::optional<Suspect> suspect_of_look_alike(std::string_view text) {
  const std::size_t index = drop_leading(text, k_blanks);
  const auto name_end = std::find_if_not(text.begin(), text.end(), is_name_byte) - text.begin();
  const std::string_view key = text.substr(0, static_cast<std::size_t>(name_end));
  if (!is_handle_name(key)) return std::nullopt;
  const std::string_view rest = text.substr(key.size());
  const auto is_foreign = [](char c) {
    return static_cast<unsigned char>(c) > 126 || (c >= 0 && c < ' ' && c != '\t');
  };
  std::size_t sign = rest.find('=');
  for (const std::string_view look_alike : {"\uff1d", "\ufe66", "\ua78a", "\u2550", "\u30a0"})
    sign = std::min(sign, rest.find(look_alike));
  if (sign == std::string_view::npos) return std::nullopt;
  const std::string_view between = rest.substr(0, sign);
  const bool blank = std::all_of(between.begin(), between.end(), [&](char c) {
    return is_foreign(c) || k_blanks.find(c) != std::string_view::npos;
  });
  const bool foreign =
      is_foreign(rest[sign]) || std::any_of(between.begin(), between.end(), is_foreign);
  if (!blank || !foreign) return std::nullopt;
  return Suspect{std::string(key), index, "a blank or a sign that only looks like one of ASCII"};
}

// "`KEY": a bare key whose backticks are not closed.
std::optional<Suspect> suspect_of_open_span(std::string_view line, std::size_t index) {
  index += drop_leading(line, k_blanks);
  const auto key = line.substr(0, line.find_first_of(k_blanks));
  if (!is_handle_name(key) || key == k_to_pin_word) return std::nullopt;
  return Suspect{std::string(key), index, "a code span that is not closed"};
}

}  // namespace

bool is_handle_name(std::string_view text) {
  return !text.empty() && is_upper(text[0]) && std::all_of(text.begin(), text.end(), is_name_byte);
}

std::optional<PinText> read_pin(std::string_view text) {
  constexpr std::string_view k_sign = " = ";
  const auto begin = std::min(text.find_first_not_of(k_blanks), text.size());
  const auto sign = text.find(k_sign, begin);
  if (sign == std::string_view::npos) return std::nullopt;
  const std::string_view key = text.substr(begin, sign - begin);
  const auto value = text.find_first_not_of(k_blanks, sign + k_sign.size());
  if (!is_handle_name(key) || value == std::string_view::npos) return std::nullopt;
  return PinText{key, begin, trim(text.substr(value)), value};
}

std::optional<std::string_view> read_bare_key(std::string_view text) {
  const std::string_view key = trim(text);
  if (!is_handle_name(key) || key == k_to_pin_word) return std::nullopt;
  return key;
}

std::optional<Suspect> suspect_in_span(std::string_view text) {
  if (auto look_alike = suspect_of_look_alike(text)) return look_alike;
  const auto found = read_assignment(text);
  if (!found) return suspect_of_many_words(text);
  const bool name = is_handle_name(found->key);
  // A colon or a comparison is a pin gone wrong only before a value; else it is prose.
  if (is_weak(found->sign)) {
    if (!name || !(is_literal(found->rest) || is_pinned_word(*found))) return std::nullopt;
  } else if (!name && !found->spaced && !is_literal(found->rest)) {
    return std::nullopt;
  }
  return suspect_of(*found);
}

std::optional<Suspect> suspect_in_text(std::string_view text) {
  std::string_view line = text;
  std::size_t skipped = drop_leading(line, k_blanks);
  const std::size_t ticks = drop_leading(line, "`");
  skipped += ticks;
  if (auto look_alike = suspect_of_look_alike(line)) {
    look_alike->key_index += skipped;
    return look_alike;
  }
  const auto found = read_assignment(line);
  if (!found && ticks > 0) return suspect_of_open_span(line, skipped);
  if (!found) return std::nullopt;
  const bool name = is_handle_name(found->key);
  if (is_weak(found->sign) && !(name && has_underscore(found->key) && is_literal(found->rest)))
    return std::nullopt;
  if (ticks == 0) {
    const bool meant = name ? has_underscore(found->key) || begins_literal(found->rest)
                            : found->spaced && is_literal(found->rest);
    if (!meant) return std::nullopt;
  } else if (!name && !found->spaced) {
    return std::nullopt;
  }
  return Suspect{std::string(found->key), skipped + found->key_index,
                 ticks == 0 ? "a line without a code span" : "a code span that is not closed"};
}

std::optional<Suspect> suspect_behind_span(std::string_view span, std::string_view rest) {
  const std::string_view key = trim(span);
  const std::string line = std::string(key) + " " + std::string(rest);
  const auto found = read_assignment(line);
  if (!found || found->key != key) return std::nullopt;
  const bool meant = is_weak(found->sign) ? is_literal(found->rest)
                                          : is_handle_name(key) || is_literal(found->rest);
  if (!meant) return std::nullopt;
  return Suspect{std::string(key), span.find_first_not_of(k_blanks),
                 "the value outside the code span"};
}

std::optional<std::string_view> pin_in_verbatim_line(std::string_view line) {
  drop_leading(line, " \t>");
  std::string_view bullet = line;
  if (drop_leading(bullet, k_digits) > 0 ? drop_leading(bullet, ".)") == 1
                                         : drop_leading(bullet, "*+-") == 1) {
    line = bullet;
    drop_leading(line, k_blanks);
  }
  if (drop_leading(line, "`") == 0) return std::nullopt;
  drop_leading(line, k_blanks);
  const auto pin = read_pin(line);
  return pin ? std::optional(pin->key) : std::nullopt;
}

}  // namespace runpin
