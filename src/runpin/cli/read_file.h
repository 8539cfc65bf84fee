// Files that the user names. Errors are k_config: such a file is part of what the user gave us.
#pragma once

#include <cstdio>
#include <string>

#include "runpin/base/bytes.h"
#include "runpin/base/result.h"

namespace runpin::cli {

// The whole of the regular file or pipe at `path`. `what` names its part ("the registry"), `fix` is
// what to do when it is not there. Errors: k_config for no such file, a directory in its place, no
// permission; k_io for a read error.
Result<Bytes> read_file(const std::string& path, const std::string& what, const std::string& fix);

// The same of a regular file of at most 64 MiB alone, and its bytes are UTF-8.
Result<Bytes> read_text_file(const std::string& path, const std::string& what,
                             const std::string& fix);

// The rest of an open stream; `name` is for messages.
Result<Bytes> read_stream(std::FILE* stream, const std::string& name);

// `path` below `directory`; `path` itself when it is absolute or the directory is ".".
std::string below(const std::string& directory, const std::string& path);

}  // namespace runpin::cli
