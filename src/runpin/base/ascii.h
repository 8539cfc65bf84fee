// Kinds of ASCII characters, whatever the locale; no other byte is any of them.
#pragma once

namespace runpin {

constexpr bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace runpin
