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

std::size_t start_of_token(std::string_view text, std::size_t at, std::string_view complaint) {
  if (complaint.starts_with("invalid string")) return at;
  if (complaint.starts_with("unexpected string")) return opening_quote(text, at);
  while (at > 0 && is_word(text[at]) && is_word(text[at - 1])) --at;
  return at;
}

JsonFlaw explain_end(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n\xEF\xBB\xBF") == std::string_view::npos)
    return {text.size(), "expected a JSON value, found an empty document", "write the value"};
  return {text.size(), "expected the rest of the JSON document, found its end: it is cut off",
          "get the whole document again"};
}

JsonFlaw explain_stranger(std::size_t at, char found) {
  if (found == '\'')
    return {at, "expected JSON, found a single quote", "put strings in double quotes"};
  if (found == '/' || found == '#')
    return {at, "expected JSON, found a comment", "take the comment out"};
  if (is_word(found))
    return {at, "expected JSON, found a word that is not true, false or null",
            "put strings in double quotes"};
  return {at, "expected JSON, found a character that has no place outside a string",
          "correct the document there"};
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
  if (account.ends_with("; expected end of input"))
    return {at, "expected the end of the JSON document, found more text behind it",
            "keep one JSON value in the document"};
  if (complaint == "invalid literal") return explain_stranger(at, text[at]);
  return {at, fmt::format("not valid JSON: {}", complaint), "correct the document there"};
}

}  // namespace runpin
