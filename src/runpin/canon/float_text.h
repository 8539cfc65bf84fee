// Binary doubles, at the two places where a number's spelling is defined through them: Python's
// float repr and ECMAScript's Number::toString. Nothing is calculated with them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace runpin {

// The double nearest to a number's text (ties to even, zero where it is too small), or nothing when
// it is beyond a double's range. REQUIRES: `number` is a number by RFC 8259.
std::optional<double> nearest_double(std::string_view number);

// What Python 3's repr() gives for a finite float: "1e+16", "0.0001", "-0.0".
std::string python_repr(double value);

// What ECMAScript's Number::toString gives for a finite number: "1e+21", "0.000001", "0" for -0.
std::string ecmascript_text(double value);

}  // namespace runpin
