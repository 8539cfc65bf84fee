#include "runpin/cli/registry_command.h"

namespace runpin::cli {

Command registry_command() {
  return make_group("registry", "Look into the registry of handles",
                    {registry_lint_command(), registry_get_command(), registry_list_command()});
}

}  // namespace runpin::cli
