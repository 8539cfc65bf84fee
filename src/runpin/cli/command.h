// A command of the program. One file holds one command: its options, its work, and the function
// that makes its row.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "runpin/cli/context.h"
#include "runpin/cli/exit_code.h"

namespace runpin::cli {

using Runner = std::function<int(Context&)>;  // answers the exit code

struct Command {
  std::string name;
  std::string help;  // one line
  // Adds options to the command's parser; what it answers runs after they were read. Empty for a
  // group.
  std::function<Runner(CLI::App&)> attach;
  std::vector<Command> children;  // of a group: "registry" has lint, get and list
};

// A command whose options live in a plain struct: `add` binds them to the parser, `run` gets them
// filled in.
template <class Options>
Command make_command(std::string name, std::string help, void (*add)(CLI::App&, Options&),
                     int (*run)(const Options&, Context&)) {
  return {std::move(name),
          std::move(help),
          [add, run](CLI::App& parser) -> Runner {
            const auto options = std::make_shared<Options>();
            add(parser, *options);
            return [options, run](Context& context) { return run(*options, context); };
          },
          {}};
}

inline Command make_group(std::string name, std::string help, std::vector<Command> children) {
  return {std::move(name), std::move(help), nullptr, std::move(children)};
}

// Every command, in the order of the help.
std::vector<Command> all_commands();

}  // namespace runpin::cli
