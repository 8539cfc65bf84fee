// What is wrong with a JSON text, in words for the person who has to mend it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace runpin {

struct JsonFlaw {
  std::size_t offset;  // of the byte in the text
  std::string message;
  std::string fix;
};

// Puts nlohmann's account of a syntax error into our words. `last_read` is the offset of the last
// byte that its parser took, or the text's size when it met the end. Never repeats the document's
// own words: they may be secret.
JsonFlaw explain_syntax_error(std::string_view text, std::size_t last_read,
                              std::string_view account);

// The offset of the opening quote of the string whose closing quote stands at `closing`.
std::size_t opening_quote(std::string_view text, std::size_t closing);

}  // namespace runpin
