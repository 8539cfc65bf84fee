// The command line: the options that every command takes, and the command to run. Reads no
// environment and writes nothing.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "runpin/base/result.h"
#include "runpin/cli/command.h"

namespace runpin::cli {

struct GlobalOptions {
  std::optional<std::string> directory;  // -w
  bool json = false;
  bool quiet = false;
  int verbosity = 0;
  bool no_color = false;
};

struct Invocation {
  GlobalOptions globals;
  Runner run;
};

struct HelpText {
  std::string text;
};

// What `arguments` (without the program's name) ask for. HelpText for --help and --version. Global
// options stand before or behind the command. k_usage when they cannot be understood; its `fix`
// names the help to read.
Result<std::variant<Invocation, HelpText>> parse_command_line(
    const std::vector<Command>& commands, const std::vector<std::string>& arguments);

// Whether --json is among the arguments, for errors that come before they could be parsed.
bool asks_for_json(const std::vector<std::string>& arguments);

// "runpin 0.1.0"
std::string version_line();

}  // namespace runpin::cli
