// The sample's files, compiled in from sample/. Some hold `{{NAME}}`, which render() fills in.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "runpin/base/result.h"

namespace runpin::cli {

// The content of the file at `path` below sample/: "inputs/core.outputs.json". REQUIRES: there is
// one.
std::string_view sample_file(std::string_view path);

// `text` with every `{{NAME}}` replaced by its value, escaped for the inside of a quoted JSON or
// TOML string. k_internal when a name has no value.
Result<std::string> render(std::string_view text, const std::map<std::string, std::string>& values);

}  // namespace runpin::cli
