// One change to one JSON value, drawn at random.
#pragma once

#include <random>
#include <string>

#include "runpin/canon/json.h"

namespace runpin::testing {

using Random = std::mt19937_64;

// From 0 to `end` - 1.
std::size_t draw(Random& random, std::size_t end);

// Another value somewhere within `value`: a text with another letter, a number one larger, a bool
// turned, a member or item dropped or added.
Json changed(Random& random, const Json& value);

// The same within the member `field` of `body`.
Json changed_within(Random& random, const Json& body, const std::string& field);

}  // namespace runpin::testing
