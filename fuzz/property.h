// What every fuzzer is made of: one function from bytes to nothing, which ends the process when a
// property does not hold.
#pragma once

#include <string>
#include <string_view>

#include "runpin/base/position.h"
#include "runpin/base/result.h"

namespace runpin::fuzz {

// Each fuzzer's own. Whatever `input` is, it returns; what it finds out it says through must().
void examine(std::string_view input);

// Ends the process unless `holds`.
void must(bool holds, std::string_view property);

// That `position` is one of `text`'s: its line exists, and its column is at most one past the end
// of that line. Lines end at "\n".
void must_lie_within(std::string_view text, Position position);

// That `error` says what is wrong in one line, and names `path` or a place in `text` under it.
void must_explain(const Error& error, std::string_view text, std::string_view path);

// Takes the first line off `rest` for fuzzers that want more than one text; all of it when it has
// no line end.
std::string_view take_line(std::string_view& rest);

}  // namespace runpin::fuzz
