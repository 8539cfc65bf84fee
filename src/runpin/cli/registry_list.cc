// runpin registry list: every handle that the registry pins or declares.
#include <fmt/format.h>

#include "runpin/canon/json_writer.h"
#include "runpin/cli/load_workspace.h"
#include "runpin/cli/read_file.h"
#include "runpin/cli/registry_command.h"
#include "runpin/cli/withheld.h"

namespace runpin::cli {
namespace {

struct Options {};

void add(CLI::App& app, Options&) {
  app.footer("One handle a line: its state, its name, and its value as JSON or where it stands.");
}

// The value, or by which rule it is withheld.
std::optional<Json> shown_value(const Registry& registry, const Handle& handle) {
  if (!handle.value) return std::nullopt;
  if (const auto rule = secret_rule_of(registry, handle)) return Json(withheld_by(*rule));
  return handle.value;
}

Json as_json(const Registry& registry, const Handle& handle, const std::string& path) {
  const auto position = handle.position();
  return object({{"key", handle.key},
                 {"state", name_of(handle.state)},
                 {"value", shown_value(registry, handle)},
                 {"where", position ? Json(where(path, *position)) : Json()}});
}

std::string as_line(const Registry& registry, const Handle& handle, const std::string& path) {
  const auto position = handle.position();
  const auto value = shown_value(registry, handle);
  return fmt::format(
      "{:<12} {} {}", name_of(handle.state), handle.key,
      value ? canonical(*value) : "(" + (position ? where(path, *position) : path) + ")");
}

int run(const Options&, Context& context) {
  const auto loaded = load_workspace(context.directory);
  if (!loaded) return context.output.error(loaded.error());
  const std::string path = below(loaded->directory, loaded->registry.path());
  Json::Array handles;
  for (const Handle& handle : loaded->registry.all()) {
    handles.push_back(as_json(loaded->registry, handle, path));
    context.output.line(as_line(loaded->registry, handle, path));
  }
  context.output.document(
      object({{"registry", path}, {"handles", std::move(handles)}, {"exit_code", k_success}}));
  return k_success;
}

}  // namespace

Command registry_list_command() {
  return make_command("list", "Every handle with its state and value", add, run);
}

}  // namespace runpin::cli
