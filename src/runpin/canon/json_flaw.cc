#include "runpin/canon/json_flaw.h"

#include <fmt/format.h>

namespace runpin {
namespace {

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
         c == '+' || c == '-' || c == '.';
}

bool starts_non_number(std::string_view rest) {
  return rest.starts_with("NaN") || rest.starts_with("Infinity") || rest.starts_with("-Infinity") ||
         rest.starts_with("-NaN");
}

// "... - invalid literal; last read: 'x'; expected ']'" -> "invalid literal".
std::string_view complaint_of(std::string_view account) {
  const auto dash = account.find(" - ");
  if (dash != std::string_view::npos) account.remove_prefix(dash + 3);
  return account.substr(0, account.find("; last read: "));
}

// The parser reads one byte past a broken word: for "tru]" the start of "tru", when asked at the
// ']'.
std::size_t broken_word(std::string_view text, std::size_t at) {
  std::size_t start = at;
  while (start > 0 && text[start - 1] >= 'a' && text[start - 1] <= 'z') --start;
  const std::string_view word = text.substr(start, at - start);
  return word == "true" || word == "false" || word == "null" ? at : start;
}

std::size_t start_of_token(std::string_view text, std::size_t at, std::string_view complaint) {
  if (complaint.starts_with("invalid string")) return at;
  if (complaint.starts_with("unexpected string")) return opening_quote(text, at);
  while (at > 0 && is_word(text[at]) && is_word(text[at - 1])) --at;
  if (complaint.starts_with("invalid literal") && !is_word(text[at])) at = broken_word(text, at);
  return at;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n\xEF\xBB\xBF") == std::string_view::npos;
}

bool has_leading_zero(std::string_view number) {
  if (number.starts_with('-')) number.remove_prefix(1);
  return number.size() > 1 && number[0] == '0' && number[1] >= '0' && number[1] <= '9';
}

JsonFlaw explain_end(std::string_view text) {
  if (is_blank(text))
    return {text.size(), "expected a JSON value, found an empty document", "write the value"};
  return {text.size(), "expected the rest of the JSON document, found its end: it is cut off",
          "get the whole document again"};
}

JsonFlaw explain_stranger(std::size_t at, char found) {
  if (found == '\'')
    return {at, "expected JSON, found a single quote", "put strings in double quotes"};
  if (found == '/' || found == '#')
    return {at, "expected JSON, found a comment", "take the comment out"};
  if (found == '+' || found == '.')
    return {at, "expected JSON, found a number that starts with neither a digit nor '-'",
            "write it like 0.5 or 12"};
  if (is_word(found))
    return {at, "expected JSON, found a word that is no JSON value",
            "put strings in double quotes"};
  return {at, "expected JSON, found a character that has no place outside a string",
          "correct the document there"};
}

// "unexpected ']'; expected '[', '{', or a literal" -> "expected a value, found ']'".
std::string in_our_words(std::string_view complaint) {
  constexpr std::string_view k_found = "unexpected ", k_wanted = "; expected ";
  const auto middle = complaint.find(k_wanted);
  if (!complaint.starts_with(k_found) || middle == std::string_view::npos)
    return fmt::format("expected JSON, found an {}", complaint);
  const std::string_view found = complaint.substr(k_found.size(), middle - k_found.size());
  std::string_view wanted = complaint.substr(middle + k_wanted.size());
  if (wanted == "'[', '{', or a literal") wanted = "a value";
  if (wanted == "string literal") wanted = "a key in double quotes";
  if (wanted == "']'") wanted = "',' or ']'";
  if (wanted == "'}'") wanted = "',' or '}'";
  return fmt::format("expected {}, found {}{}", wanted,
                     found == "string literal" || found == "number literal" ? "a " : "", found);
}

}  // namespace

std::size_t opening_quote(std::string_view text, std::size_t closing) {
  // Inside a string every quote has a backslash before it; before the opening one there can be
  // none.
  std::size_t at = closing;
  do {
    at = text.rfind('"', at - 1);
  } while (at > 0 && text[at - 1] == '\\');
  return at;
}

JsonFlaw explain_syntax_error(std::string_view text, std::size_t last_read,
                              std::string_view account) {
  if (last_read >= text.size()) return explain_end(text);
  const std::string_view complaint = complaint_of(account);
  const std::size_t at = start_of_token(text, last_read, complaint);
  if (starts_non_number(text.substr(at)))
    return {at, "expected JSON, found NaN or an infinity, which are no JSON numbers",
            "use null or a string"};
  if (has_leading_zero(text.substr(at)))
    return {at, "expected JSON, found a number with a leading zero", "take the leading zeros out"};
  if (account.ends_with("; expected end of input") && !is_blank(text.substr(0, at)))
    return {at, "expected the end of the JSON document, found more text behind it",
            "keep one JSON value in the document"};
  if (complaint.starts_with("invalid literal")) return explain_stranger(at, text[at]);
  return {at, in_our_words(complaint), "correct the document there"};
}

}  // namespace runpin
