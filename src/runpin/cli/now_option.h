// `--now`: the one instant of whatever a command writes.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "runpin/cli/context.h"

namespace runpin::cli {

// `what` begins the option's help: "The run's one instant".
void add_now(CLI::App& app, std::optional<std::string>& now, const std::string& what);

// What `--now` says, else the clock. k_malformed, `where` = --now.
Result<Instant> one_instant(const std::optional<std::string>& now, const Context& context);

}  // namespace runpin::cli
