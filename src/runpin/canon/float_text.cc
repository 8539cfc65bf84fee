#include "runpin/canon/float_text.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdint>

namespace runpin {
namespace {

// The value is 0.<digits> times ten to the power of `point`, with as few digits as tell it apart.
struct Shortest {
  std::string sign;
  std::string digits;
  int point;
};

Shortest shortest(double value) {
  std::array<char, 32> buffer;
  const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                     std::chars_format::scientific);
  std::string_view text(buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data()));
  Shortest result{"", "", 0};
  if (text.front() == '-') {
    result.sign = "-";
    text.remove_prefix(1);
  }
  const auto mark = text.find('e');
  result.digits = text.substr(0, 1);
  if (mark > 1) result.digits += text.substr(2, mark - 2);
  const std::size_t exponent = text[mark + 1] == '+' ? mark + 2 : mark + 1;
  std::from_chars(text.data() + exponent, text.data() + text.size(), result.point);
  ++result.point;
  return result;
}

std::string in_full(const Shortest& number) {
  const auto& [sign, digits, point] = number;
  const int size = static_cast<int>(digits.size());
  if (point <= 0) return sign + "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  if (point >= size)
    return sign + digits + std::string(static_cast<std::size_t>(point - size), '0');
  const auto before = static_cast<std::size_t>(point);
  return sign + digits.substr(0, before) + "." + digits.substr(before);
}

std::string fraction_of(const Shortest& number) {
  return number.digits.size() > 1 ? "." + number.digits.substr(1) : "";
}

// The exponent behind a number's 'e', held within ±2^62: more than any text can make up for with
// zeros.
std::int64_t exponent_of(std::string_view number) {
  const auto mark = number.find_first_of("eE");
  if (mark == std::string_view::npos) return 0;
  std::string_view digits = number.substr(mark + 1);
  if (digits.front() == '+') digits.remove_prefix(1);
  std::int64_t exponent = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
  constexpr std::int64_t k_most = std::int64_t{1} << 62;
  if (read.ec == std::errc::result_out_of_range) return digits.front() == '-' ? -k_most : k_most;
  return std::min(std::max(exponent, -k_most), k_most);
}

bool is_below_one(std::string_view number) {
  const std::string_view mantissa = number.substr(0, number.find_first_of("eE"));
  const auto first = mantissa.find_first_of("123456789");
  if (first == std::string_view::npos) return true;
  const auto point = static_cast<std::int64_t>(std::min(mantissa.find('.'), mantissa.size()));
  const std::int64_t distance = point - static_cast<std::int64_t>(first);
  const std::int64_t power = distance > 0 ? distance - 1 : distance;
  return power + exponent_of(number) < 0;
}

}  // namespace

std::optional<double> nearest_double(std::string_view number) {
  double value = 0;
  const char* end = number.data() + number.size();
  const auto read = std::from_chars(number.data(), end, value);
  if (read.ec == std::errc()) return read.ptr == end ? std::optional(value) : std::nullopt;
  // from_chars says "out of range" for too large and too small alike, and leaves the value alone.
  if (read.ec != std::errc::result_out_of_range || !is_below_one(number)) return {};
  return number.front() == '-' ? -0.0 : 0.0;
}

std::string python_repr(double value) {
  const Shortest number = shortest(value);
  if (number.point <= -4 || number.point > 16)
    return fmt::format("{}{}{}e{:+03d}", number.sign, number.digits.front(), fraction_of(number),
                       number.point - 1);
  const bool whole = number.point >= static_cast<int>(number.digits.size());
  return in_full(number) + (whole ? ".0" : "");
}

std::string ecmascript_text(double value) {
  if (value == 0) return "0";
  const Shortest number = shortest(value);
  if (number.point > -6 && number.point <= 21) return in_full(number);
  return fmt::format("{}{}{}e{:+d}", number.sign, number.digits.front(), fraction_of(number),
                     number.point - 1);
}

}  // namespace runpin
