#include "runpin/canon/decimal.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <charconv>
#include <optional>

#include "runpin/base/shown.h"

namespace runpin {
namespace {

using boost::multiprecision::cpp_int;

constexpr int k_max_exponent = 30;
constexpr std::size_t k_max_digits = 100;

cpp_int ten_to(unsigned power) {
  return boost::multiprecision::pow(cpp_int(10), power);
}

std::string_view take_digits(std::string_view& rest) {
  const auto digits = rest.substr(0, std::min(rest.find_first_not_of("0123456789"), rest.size()));
  rest.remove_prefix(digits.size());
  return digits;
}

// The exponent that makes up the whole of `rest`, 0 for an empty one.
std::optional<int> read_exponent(std::string_view rest) {
  if (rest.empty()) return 0;
  if (rest.front() != 'e' && rest.front() != 'E') return {};
  rest.remove_prefix(1);
  if (rest.starts_with('+')) {
    rest.remove_prefix(1);
    if (rest.starts_with('-')) return {};
  }
  int exponent = 0;
  const auto [stop, error] = std::from_chars(rest.data(), rest.data() + rest.size(), exponent);
  if (error != std::errc() || stop != rest.data() + rest.size()) return {};
  if (exponent < -k_max_exponent || exponent > k_max_exponent) return {};
  return exponent;
}

// Whether the first digit that is not 0 stands for no less than 1e-30 and no more than 1e30: what
// is beyond is no amount, and no rate between currencies. REQUIRES: there is such a digit.
bool is_sizable(std::string_view whole, std::string_view fraction, int exponent) {
  const std::string digits = std::string(whole) + std::string(fraction);
  const int place = static_cast<int>(whole.size()) - 1 -
                    static_cast<int>(digits.find_first_not_of('0')) + exponent;
  return place >= -k_max_exponent && place <= k_max_exponent;
}

// A cpp_int takes a leading 0 for octal.
cpp_int integer_of(std::string digits) {
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  return cpp_int(digits);
}

// `units` times 10^`places`.
cpp_int scaled(const std::string& units, unsigned places) {
  return cpp_int(units) * ten_to(places);
}

}  // namespace

Decimal::Decimal(std::string units, unsigned scale) : units_(std::move(units)), scale_(scale) {
  while (scale_ > 0 && units_.ends_with('0')) {
    if (units_ != "0") units_.pop_back();
    --scale_;
  }
}

Result<Decimal> Decimal::parse(std::string_view text) {
  const auto refuse = [&](std::string_view expected) {
    return fail(ErrorKind::k_malformed,
                fmt::format("expected {}, found {}", expected, shown_value(text)), "",
                "write it like 12.50, -0.001 or 1.2e3");
  };
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative) rest.remove_prefix(1);
  const std::string_view whole = take_digits(rest);
  const bool has_point = rest.starts_with('.');
  if (has_point) rest.remove_prefix(1);
  const std::string_view fraction = has_point ? take_digits(rest) : std::string_view();
  const auto exponent = read_exponent(rest);
  if (whole.empty() || (has_point && fraction.empty()) || !exponent)
    return refuse("a decimal number");
  if (whole.size() + fraction.size() > k_max_digits)
    return refuse(fmt::format("a decimal number of at most {} digits", k_max_digits));
  cpp_int units = integer_of(std::string(whole) + std::string(fraction));
  if (units != 0 && !is_sizable(whole, fraction, *exponent))
    return refuse(fmt::format("a decimal number within 1e-{0} and 1e{0}", k_max_exponent));
  if (negative) units = -units;
  const int scale = static_cast<int>(fraction.size()) - *exponent;
  if (scale >= 0) return Decimal(units.str(), static_cast<unsigned>(scale));
  return Decimal(cpp_int(units * ten_to(static_cast<unsigned>(-scale))).str(), 0);
}

std::string Decimal::str() const {
  const bool negative = units_.starts_with('-');
  std::string digits = units_.substr(negative ? 1 : 0);
  if (digits.size() <= scale_) digits.insert(0, scale_ + 1 - digits.size(), '0');
  if (scale_ > 0) digits.insert(digits.size() - scale_, ".");
  return (negative ? "-" : "") + digits;
}

Decimal Decimal::operator+(const Decimal& other) const {
  const unsigned scale = std::max(scale_, other.scale_);
  const cpp_int sum = scaled(units_, scale - scale_) + scaled(other.units_, scale - other.scale_);
  return Decimal(sum.str(), scale);
}

Decimal Decimal::operator*(const Decimal& other) const {
  const cpp_int product = cpp_int(units_) * cpp_int(other.units_);
  return Decimal(product.str(), scale_ + other.scale_);
}

std::strong_ordering Decimal::operator<=>(const Decimal& other) const {
  const unsigned scale = std::max(scale_, other.scale_);
  const cpp_int left = scaled(units_, scale - scale_);
  const int order = left.compare(scaled(other.units_, scale - other.scale_));
  return order <=> 0;
}

}  // namespace runpin
