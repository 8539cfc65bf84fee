// runpin registry get: the value of one handle.
#include <fmt/format.h>

#include "runpin/canon/json_writer.h"
#include "runpin/cli/load_workspace.h"
#include "runpin/cli/nearest.h"
#include "runpin/cli/read_file.h"
#include "runpin/cli/registry_command.h"
#include "runpin/registry/handle_line.h"

namespace runpin::cli {
namespace {

struct Options {
  std::string key;
};

void add(CLI::App& app, Options& options) {
  app.add_option("KEY", options.key, "The handle's name")->required();
  app.footer(
      "Prints the value as JSON; with -v also where it is pinned, its notes and its state.\n"
      "Exits 0 when the handle is resolved, 3 when it is not: TO_PIN, empty, declared without "
      "value,\n"
      "contradicted, malformed, an alias that ends nowhere, or unknown to the registry. Exits 2\n"
      "when it holds secret material, as M3.A would refuse it.");
}

std::string place_of(const Handle& handle, const std::string& path) {
  const auto position = handle.position();
  return position ? where(path, *position) : path;
}

Json pins_of(const Handle& handle, const std::string& path) {
  Json::Array pins;
  for (const Pin& pin : handle.pins)
    pins.push_back(object({{"where", where(path, pin.key_position)},
                           {"literal", pin.literal},
                           {"alias_of", pin.alias_of},
                           {"note", pin.note}}));
  return pins;
}

Json as_json(const Handle& handle, const std::string& path, int code) {
  return object({{"key", handle.key},
                 {"state", name_of(handle.state)},
                 {"value", handle.value},
                 {"where", place_of(handle, path)},
                 {"pins", pins_of(handle, path)},
                 {"exit_code", code}});
}

std::string similar_keys(const Registry& registry, const std::string& key) {
  std::vector<std::string> keys;
  for (const Handle& handle : registry.all()) keys.push_back(handle.key);
  return join(nearest(key, keys, 3), ", ");
}

std::string advice(const Handle& handle, const Registry& registry) {
  if (handle.state != HandleState::k_missing)
    return fmt::format("pin it there as `{} = VALUE`", handle.key);
  const std::string similar = similar_keys(registry, handle.key);
  if (!similar.empty()) return "did you mean " + similar + "?";
  if (!is_handle_name(handle.key))
    return "a handle's name is of A to Z, 0 to 9 and _, a letter first";
  return fmt::format("pin it as `* `{} = VALUE``", handle.key);
}

void explain_unresolved(const Handle& handle, const LoadedWorkspace& loaded, Output& output) {
  const std::string path = below(loaded.directory, loaded.registry.path());
  output.notice(fmt::format("runpin: {}: {} has no value: {} ({})", place_of(handle, path),
                            handle.key, name_of(handle.state), advice(handle, loaded.registry)));
}

void print_details(const Handle& handle, const std::string& path, Output& output) {
  output.detail(fmt::format("state: {}", name_of(handle.state)));
  for (const Pin& pin : handle.pins) {
    std::string line = "pinned: " + where(path, pin.key_position);
    if (pin.alias_of) line += ", alias of " + *pin.alias_of;
    if (!pin.literal && !pin.alias_of) line += ", without value";
    if (!pin.note.empty()) line += ", note: " + pin.note;
    output.detail(line);
  }
}

int run(const Options& options, Context& context) {
  const auto loaded = load_workspace(context.directory);
  if (!loaded) return context.output.error(loaded.error());
  const Handle handle = loaded->registry.get(options.key);
  const std::string path = below(loaded->directory, loaded->registry.path());
  if (const auto rule = secret_rule_of(loaded->registry, handle))
    return context.output.error(
        {ErrorKind::k_config,
         fmt::format("{} holds secret material (rule {}), and is not shown", handle.key, *rule),
         place_of(handle, path), "write the secret's path there instead, and rotate the secret"});
  const int code = handle.value ? k_success : k_hold;
  context.output.document(as_json(handle, path, code));
  if (handle.value)
    context.output.line(canonical(*handle.value));
  else
    explain_unresolved(handle, *loaded, context.output);
  print_details(handle, path, context.output);
  return code;
}

}  // namespace

Command registry_get_command() {
  return make_command("get", "The value of one handle", add, run);
}

}  // namespace runpin::cli
