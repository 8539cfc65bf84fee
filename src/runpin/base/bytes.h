// Bytes are std::string: what is hashed, written and compared is exactly what the string holds.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace runpin {

using Bytes = std::string;
using ByteView = std::string_view;

// True for well-formed UTF-8 (RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF).
// Otherwise `*bad_offset`, when given, is the offset of the first byte that is not.
bool is_utf8(ByteView bytes, std::size_t* bad_offset = nullptr);

// "a,b , c" -> {"a", "b", "c"}: split at commas, blanks around each item dropped, empty items kept.
std::vector<std::string> split_list(std::string_view text);

std::string join(const std::vector<std::string>& parts, std::string_view separator);

// `text` with every occurrence of `token` replaced.
std::string replace_all(std::string text, std::string_view token, std::string_view value);

}  // namespace runpin
