// What `run` and `resume` take alike: how far to go, and the one instant.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <optional>
#include <string>

#include "runpin/cli/context.h"
#include "runpin/gate/chain.h"

namespace runpin::cli {

struct ChainOptions {
  std::string to = "j";
  std::optional<std::string> now;
};

void add_chain_options(CLI::App& app, ChainOptions& options);

using ChainCall = std::function<Result<RunReport>(Chain&, Instant now, char to)>;

// Wires the gate, makes the call, shows the report, leaves timings.json beside the embedded
// platform's files.
int run_chain(const ChainOptions& options, Context& context, const ChainCall& call);

}  // namespace runpin::cli
