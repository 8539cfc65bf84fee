// Commands as people have to type them where they stand.
#pragma once

#include <string>
#include <string_view>

namespace runpin::cli {

// `text` as one word of a shell command.
std::string shell_word(std::string_view text);

// `text` with " -w DIRECTORY" behind each "runpin" that begins a command on a workspace: those that
// make one or need none stay as they are.
std::string in_workspace(std::string_view text, std::string_view directory);

}  // namespace runpin::cli
