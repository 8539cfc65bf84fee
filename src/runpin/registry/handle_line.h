// The words of the handle grammar (registry.h): what a code span or a line of text says about a
// handle.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace runpin {

inline constexpr std::string_view k_to_pin_word = "TO_PIN";

// [A-Z][A-Z0-9_]*
bool is_handle_name(std::string_view text);

// `KEY = VALUE`, as it must be written: a name, a blank, '=', a blank, and more than blanks behind
// it. Blanks around the whole do not matter.
struct PinText {
  std::string_view key;
  std::size_t key_index = 0;    // of `key` in the text
  std::string_view value;       // without outer blanks
  std::size_t value_index = 0;  // of `value` in the text
};
std::optional<PinText> read_pin(std::string_view text);

// `KEY`, blanks around it dropped; nothing when `text` is anything else or the word TO_PIN.
std::optional<std::string_view> read_bare_key(std::string_view text);

// Something that is no `KEY = VALUE` but that its writer may have meant as one.
struct Suspect {
  std::string key;            // as it is written; "" when there is no one word before the '='
  std::size_t key_index = 0;  // of the key in the text
  std::string flaw;           // what was found in its place: "no value", …
};

// `text` is the code span that begins a list item.
std::optional<Suspect> suspect_in_span(std::string_view text);

// `text` is a line that does not begin with a code span: a pin without its backticks, or with only
// one.
std::optional<Suspect> suspect_in_text(std::string_view text);

// `span` is the code span that begins a list item and `rest` the text behind it: "`KEY` = 1".
std::optional<Suspect> suspect_behind_span(std::string_view span, std::string_view rest);

// `line` is a source line of a code or HTML block: "* `KEY = 1`". Gives the key.
std::optional<std::string_view> pin_in_verbatim_line(std::string_view line);

}  // namespace runpin
