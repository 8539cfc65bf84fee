// How a message names a value that stands where another kind of value was expected.
#pragma once

#include <string>
#include <string_view>

namespace runpin {

// `text` whole and in quotes where it is short and can be little else than a number, a date or a
// currency; otherwise only its length. It may be a secret in the wrong place, and half a secret is
// none that a scan would find.
std::string shown_value(std::string_view text);

}  // namespace runpin
