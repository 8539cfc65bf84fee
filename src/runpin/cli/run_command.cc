// runpin run: a new run, M3.A to M3.J.
#include "runpin/cli/chain_options.h"
#include "runpin/cli/command.h"

namespace runpin::cli {
namespace {

int run(const ChainOptions& options, Context& context) {
  return run_chain(options, context,
                   [](Chain& chain, Instant now, char to) { return chain.run(now, to); });
}

}  // namespace

Command run_command() {
  return make_command<ChainOptions>("run", "Start a new run: the chain M3.A to M3.J",
                                    add_chain_options, run);
}

}  // namespace runpin::cli
