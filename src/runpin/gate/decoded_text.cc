#include "runpin/gate/decoded_text.h"

#include <algorithm>
#include <array>
#include <optional>

namespace runpin {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<unsigned> hex_number(std::string_view text, std::size_t at, std::size_t digits) {
  if (at + digits > text.size()) return {};
  unsigned number = 0;
  for (std::size_t i = at; i < at + digits; ++i) {
    const int digit = hex_digit(text[i]);
    if (digit < 0) return {};
    number = number * 16 + static_cast<unsigned>(digit);
  }
  return number;
}

// UTF-8 of a code unit below 0x10000; halves of a surrogate pair are kept apart, as secrets are
// ASCII.
void append_utf8(std::string& out, unsigned code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

char short_escape(char c) {
  constexpr std::string_view names = "nrtbf\"\\/'";
  constexpr std::string_view means = "\n\r\t\b\f\"\\/'";
  const auto at = names.find(c);
  return at == std::string_view::npos ? '\0' : means[at];
}

std::array<signed char, 256> base64_digits() {
  std::array<signed char, 256> digits;
  digits.fill(-1);
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    digits[static_cast<unsigned char>(alphabet[i])] = static_cast<signed char>(i);
  digits['-'] = digits['+'];
  digits['_'] = digits['/'];
  return digits;
}

bool is_text_byte(unsigned char c) {
  return (c >= 0x20 && c < 0x7F) || (c >= '\t' && c <= '\r');
}

}  // namespace

DecodedText DecodedText::decode(std::string_view source) {
  DecodedText decoded;
  decoded.text_.reserve(source.size());
  for (std::size_t at = 0; at < source.size();) {
    const std::size_t escape = std::min(source.find_first_of("\\%", at), source.size());
    decoded.text_.append(source, at, escape - at);
    at = escape;
    if (at < source.size()) decoded.append(source, at);
  }
  return decoded;
}

// Takes what stands at `at`, a backslash or a percent sign, with what belongs to it.
void DecodedText::append(std::string_view source, std::size_t& at) {
  const std::size_t start = at;
  const bool percent = source[at] == '%';
  const char letter = !percent && at + 1 < source.size() ? source[at + 1] : '\0';
  if (percent) {
    if (const auto byte = hex_number(source, at + 1, 2)) {
      text_ += static_cast<char>(*byte);
      at += 3;
    }
  } else if (letter == 'u' || letter == 'x') {
    const std::size_t digits = letter == 'u' ? 4 : 2;
    if (const auto code = hex_number(source, at + 2, digits)) {
      append_utf8(text_, *code);
      at += 2 + digits;
    }
  } else if (const char meant = short_escape(letter)) {
    text_ += meant;
    at += 2;
  }
  if (at == start)
    text_ += source[at++];
  else
    anchors_.emplace_back(text_.size(), at);
}

std::size_t DecodedText::source_offset(std::size_t offset) const {
  const auto after = std::upper_bound(
      anchors_.begin(), anchors_.end(), offset,
      [](std::size_t wanted, const auto& anchor) { return wanted < anchor.first; });
  if (after == anchors_.begin()) return offset;
  const auto& [decoded, raw] = *std::prev(after);
  return raw + (offset - decoded);
}

std::string decode_base64_text(std::string_view token) {
  static const std::array<signed char, 256> k_digits = base64_digits();
  std::string text;
  text.reserve(token.size() / 4 * 3 + 2);
  unsigned bits = 0;
  int count = 0;
  for (const char c : token) {
    if (c == '=') break;
    const int digit = k_digits[static_cast<unsigned char>(c)];
    if (digit < 0) return {};
    bits = (bits << 6 | static_cast<unsigned>(digit)) & 0xFFFFFF;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    const auto byte = static_cast<unsigned char>(bits >> count);
    if (!is_text_byte(byte)) return {};
    text += static_cast<char>(byte);
  }
  return text;
}

}  // namespace runpin
