// Random text that is the same on every standard library: mt19937's output is specified,
// distributions are not.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace runpin {

inline constexpr std::string_view k_lower = "abcdefghijklmnopqrstuvwxyz";
inline constexpr std::string_view k_upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
inline constexpr std::string_view k_digits = "0123456789";
inline constexpr std::string_view k_hex = "0123456789abcdef";
inline constexpr std::string_view k_base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
inline constexpr std::string_view k_base36 = "abcdefghijklmnopqrstuvwxyz0123456789";
inline constexpr std::string_view k_upper_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
inline constexpr std::string_view k_base62 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
inline constexpr std::string_view k_base64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
inline constexpr std::string_view k_base64url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

class CorpusRandom {
 public:
  explicit CorpusRandom(std::uint32_t seed) : engine_(seed) {}

  // 0 to `bound` - 1.
  std::size_t below(std::size_t bound) { return engine_() % bound; }

  std::string of(std::string_view alphabet, std::size_t length) {
    std::string text;
    while (text.size() < length) text += alphabet[below(alphabet.size())];
    return text;
  }

  const std::string& pick(const std::vector<std::string>& choices) {
    return choices[below(choices.size())];
  }

  std::string uuid() {
    return of(k_hex, 8) + "-" + of(k_hex, 4) + "-4" + of(k_hex, 3) + "-" + of("89ab", 1) +
           of(k_hex, 3) + "-" + of(k_hex, 12);
  }

 private:
  std::mt19937 engine_;
};

std::string base64_of(std::string_view bytes);
std::string base64url_of(std::string_view bytes);  // without padding

}  // namespace runpin
