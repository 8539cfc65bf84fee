// A command line into words, by the shell's quoting alone: no variables, no patterns, no shell.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runpin {

// Nothing when a quote or a backslash is left open.
std::optional<std::vector<std::string>> command_words(std::string_view line);

}  // namespace runpin
