// Free text within 80 columns.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace runpin::cli {

// `text` behind `label`, broken at blanks so that no line has more than 80 characters, further
// lines indented by as much as the label is long. A word that is longer stays whole, as does a
// command of runpin that fits a line, so that it can be copied.
std::string wrapped(std::string_view label, std::string_view text);

}  // namespace runpin::cli
