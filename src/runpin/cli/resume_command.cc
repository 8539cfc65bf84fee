// runpin resume: the newest run again, from its first lane that is not green and from nowhere else.
#include "runpin/cli/chain_options.h"
#include "runpin/cli/command.h"

namespace runpin::cli {
namespace {

int resume(const ChainOptions& options, Context& context) {
  return run_chain(options, context,
                   [](Chain& chain, Instant now, char to) { return chain.resume(now, to); });
}

}  // namespace

Command resume_command() {
  return make_command<ChainOptions>(
      "resume", "Go on with the newest run from its first lane that is not green",
      add_chain_options, resume);
}

}  // namespace runpin::cli
