// The words that a person puts on record with a receipt.
#pragma once

#include <string>

#include "runpin/base/result.h"

namespace runpin::cli {

inline constexpr std::size_t k_max_actor = 200;  // characters
inline constexpr std::size_t k_max_reason = 2000;
inline constexpr std::size_t k_max_scope = 500;

// k_usage, `where` = `option`, unless `text` is UTF-8 with more than blanks in it, has at most
// `max_characters`, no control character, line break or change of writing direction, and no secret
// material. The error never repeats the text.
Result<void> check_audited_text(const std::string& option, const std::string& text,
                                std::size_t max_characters);

// `text` in quotes for a message; withheld where it holds secret material, since it may have been
// put in the wrong place by accident.
std::string quoted(const std::string& text);

}  // namespace runpin::cli
