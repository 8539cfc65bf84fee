// The table of commands. A command NAME is the file NAME_command.cc, which defines `Command
// NAME_command()`, and one line here.
#include "runpin/cli/command.h"

#define RUNPIN_COMMANDS(ROW) \
  ROW(init)                  \
  ROW(run)                   \
  ROW(resume)                \
  ROW(status)                \
  ROW(list)                  \
  ROW(verify)                \
  ROW(explain)               \
  ROW(registry)              \
  ROW(digest)                \
  ROW(reset)                 \
  ROW(approve)               \
  ROW(probe_store)           \
  ROW(orchestrator)

namespace runpin::cli {

#define RUNPIN_DECLARE(name) Command name##_command();
RUNPIN_COMMANDS(RUNPIN_DECLARE)
#undef RUNPIN_DECLARE

std::vector<Command> all_commands() {
#define RUNPIN_ROW(name) name##_command(),
  return {RUNPIN_COMMANDS(RUNPIN_ROW)};
#undef RUNPIN_ROW
}

}  // namespace runpin::cli
