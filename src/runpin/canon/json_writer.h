// Json into bytes. All three are functions of the value alone.
#pragma once

#include <string>

#include "runpin/base/result.h"
#include "runpin/canon/json.h"

namespace runpin {

// json_sorted_keys_v1: what Python 3's json.dumps(v, sort_keys=True, separators=(",", ":"),
// ensure_ascii=False).encode("utf-8") gives.
std::string canonical(const Json& value);

// The same order and spelling, indented by two spaces, with a final newline: the form of every
// artifact. Equals json.dumps(v, sort_keys=True, indent=2, ensure_ascii=False) + "\n".
std::string pretty(const Json& value);

// RFC 8785 (JCS): keys by UTF-16 code unit, numbers as ECMAScript prints the nearest double.
// k_malformed for a number beyond a double's range.
Result<std::string> jcs(const Json& value);

}  // namespace runpin
