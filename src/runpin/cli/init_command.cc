// runpin init: makes a workspace, whole or not at all.
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "runpin/adapters/sqlite/platform_db.h"
#include "runpin/adapters/sqlite/sqlite_orchestrator.h"
#include "runpin/cli/command.h"
#include "runpin/cli/init_plan.h"
#include "runpin/cli/new_tree.h"
#include "runpin/cli/read_file.h"
#include "runpin/cli/typed_commands.h"

namespace runpin::cli {
namespace {

constexpr const char* k_settings = "runpin.toml";
constexpr const char* k_database = ".runpin/platform.db";
constexpr const char* k_database_name = "sqlite:.runpin/platform.db";

struct Options {
  std::string directory;
  bool sample = false;
  std::optional<std::string> registry;
};

void add(CLI::App& app, Options& options) {
  app.add_option("DIR", options.directory, "The directory to make the workspace in")->required();
  app.add_flag("--sample", options.sample,
               "Fill it with a complete fictional platform, so that `run` advances");
  app.add_option(
         "--registry", options.registry,
         "Take a copy of FILE for the registry, and make from it what must agree with it: stack "
         "outputs and the embedded state machine")
      ->type_name("FILE");
}

Result<void> check_free(const std::string& directory) {
  if (directory.empty())
    return fail(ErrorKind::k_usage, "the workspace's directory has an empty name", "DIR",
                "name the directory to make");
  struct stat info {};
  const std::string settings = below(directory, k_settings);
  if (lstat(settings.c_str(), &info) == 0)
    return fail(ErrorKind::k_config, "there is a workspace already", settings,
                fmt::format("use it with `runpin -w {}`, or choose another directory", directory));
  return {};
}

Result<InitPlan> plan(const Options& options) {
  if (!options.registry) return plan_init(options.sample, std::nullopt);
  auto text =
      read_text_file(*options.registry, "the registry", "check the name given to --registry");
  if (!text) return tl::unexpected(text.error());
  return plan_init(options.sample, RegistryFile{*options.registry, std::move(*text)});
}

Result<void> make_database(const std::filesystem::path& stage, const InitPlan& plan, Instant now) {
  const auto file = stage / k_database;
  if (auto created = create_platform_db(file, k_database_name); !created) return created;
  if (!plan.state_machine) return {};
  SqliteOrchestrator orchestrator(file, k_database_name);
  const auto arn =
      orchestrator.create_state_machine(plan.state_machine->arn, plan.state_machine->role_arn, now);
  return arn ? Result<void>{} : tl::unexpected(arn.error());
}

Result<void> build(const InitPlan& plan, const std::string& directory, Context& context) {
  auto tree = NewTree::start(directory, context.random_hex(8));
  if (!tree) return tl::unexpected(tree.error());
  for (const std::string& path : plan.directories)
    if (auto added = tree->add_directory(path); !added) return added;
  for (const auto& [path, content] : plan.files)
    if (auto added = tree->add_file(path, content); !added) return added;
  if (auto made = make_database(tree->stage(), plan, context.now()); !made) return made;
  return tree->finish(k_settings);
}

std::string next_command(const Options& options) {
  const std::string start =
      options.directory == "." ? "runpin" : "runpin -w " + shell_word(options.directory);
  return options.sample
             ? start + " run"
             : "edit " + below(options.directory, k_settings) + ", then " + start + " run";
}

void report(const InitPlan& plan, const Options& options, Output& output) {
  std::vector<std::string> made{k_database};
  for (const auto& [path, content] : plan.files) made.push_back(path);
  std::sort(made.begin(), made.end());
  for (const std::string& path : made) output.line("made " + below(options.directory, path));
  if (plan.state_machine) output.line("made state machine " + plan.state_machine->arn.str());
  output.line("next: " + next_command(options));
  output.document(
      object({{"workspace", options.directory},
              {"files", Json(made)},
              {"state_machine", plan.state_machine ? Json(plan.state_machine->arn.str()) : Json()},
              {"next", next_command(options)},
              {"exit_code", k_success}}));
}

int run(const Options& options, Context& context) {
  if (!options.directory.empty()) NewTree::sweep(options.directory, k_settings);
  if (auto free = check_free(options.directory); !free) return context.output.error(free.error());
  const auto planned = plan(options);
  if (!planned) return context.output.error(planned.error());
  if (auto built = build(*planned, options.directory, context); !built)
    return context.output.error(built.error());
  report(*planned, options, context.output);
  return k_success;
}

}  // namespace

Command init_command() {
  return make_command("init", "Make a workspace, empty or with a sample platform", add, run);
}

}  // namespace runpin::cli
