// An answer that was read, or what is wrong with it: the flaw alone, for malformed_answer().
#pragma once

#include <string>
#include <tl/expected.hpp>

namespace runpin {

template <class T>
using Parsed = tl::expected<T, std::string>;

inline tl::unexpected<std::string> flaw(std::string text) {
  return tl::unexpected<std::string>(std::move(text));
}

}  // namespace runpin
