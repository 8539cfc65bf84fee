#include "runpin/cli/registry_command.h"

#include "runpin/gate/secret_scan.h"

namespace runpin::cli {

std::optional<std::string> secret_rule_of(const Registry& registry, const Handle& handle) {
  std::vector<SecretFinding> secrets;
  if (handle.value) secrets = scan_named_value(registry.names_of(handle.key), *handle.value);
  for (const Pin& pin : handle.pins) {
    if (secrets.empty() && pin.literal) secrets = scan_named_value(handle.key, *pin.literal);
    if (secrets.empty()) secrets = scan_secrets(pin.note);
  }
  if (secrets.empty()) return std::nullopt;
  return secrets.front().rule;
}

Command registry_command() {
  return make_group("registry", "Look into the registry of handles",
                    {registry_lint_command(), registry_get_command(), registry_list_command()});
}

}  // namespace runpin::cli
