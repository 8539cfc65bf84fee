// Exact decimal numbers for money: an integer of any size and a scale. No rounding anywhere.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "runpin/base/result.h"

namespace runpin {

class Decimal {
 public:
  Decimal() = default;  // 0

  // "12", "-0.50", "1.2e3", "1E-7". No blanks, no thousands separators, no leading '+', at most 100
  // digits, 0 or a size within 1e-30 and 1e30. Anything else is k_malformed, and quoted if
  // harmless.
  static Result<Decimal> parse(std::string_view text);

  // Plain notation without exponent or superfluous zeros: "0", "12.5", "-0.001". parse(str()) gives
  // the value.
  std::string str() const;

  Decimal operator+(const Decimal& other) const;
  Decimal operator*(const Decimal& other) const;
  bool operator==(const Decimal& other) const { return (*this <=> other) == 0; }
  std::strong_ordering operator<=>(const Decimal& other) const;

 private:
  Decimal(std::string units, unsigned scale);
  std::string units_ =
      "0";              // a whole number, as text: the type that computes takes seconds to compile
  unsigned scale_ = 0;  // value = units_ / 10^scale_; kept free of trailing zeros
};

}  // namespace runpin
