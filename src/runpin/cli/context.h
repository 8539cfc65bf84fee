// What every command gets from the frame. Time, environment and randomness enter the program here
// and nowhere else.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "runpin/base/bytes.h"
#include "runpin/base/instant.h"
#include "runpin/cli/output.h"

namespace runpin::cli {

struct Context {
  Output& output;
  std::string directory;  // the workspace as the user named it; "." by default
  std::function<std::optional<std::string>(const std::string& name)>
      environment;  // set and not empty
  std::function<Instant()> now;
  std::function<std::string(std::size_t bytes)>
      random_hex;                             // two hex digits a byte, from the kernel
  std::function<Result<Bytes>()> read_stdin;  // all of it
};

// The context of this process.
Context system_context(Output& output, std::string directory);
std::optional<std::string> system_environment(const std::string& name);

}  // namespace runpin::cli
