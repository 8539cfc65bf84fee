// Strict JSON (RFC 8259) into Json.
#pragma once

#include <string_view>

#include "runpin/base/position.h"
#include "runpin/base/result.h"
#include "runpin/canon/json.h"

namespace runpin {

inline constexpr int k_max_json_nesting = 512;

// Reads one document. Refused, as k_malformed with `where` = "path:line:column": duplicate keys,
// NaN and infinities (also by overflow, as 1e400), lone surrogates, invalid UTF-8, NUL bytes,
// trailing text, nesting over k_max_json_nesting, a document cut off. `path` only names the text in
// errors; `origin` is where its first byte stands, for JSON embedded in another document.
Result<Json> read_json(std::string_view text, std::string_view path, Position origin = {});

}  // namespace runpin
