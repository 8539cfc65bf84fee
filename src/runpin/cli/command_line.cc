#include "runpin/cli/command_line.h"

#include <algorithm>
#include <map>
#include <utility>

#include "runpin/cli/audited_text.h"
#include "runpin/cli/nearest.h"

namespace runpin::cli {
namespace {

constexpr const char* k_about =
    "Pins a platform run and decides, fail-closed, whether the next phase may start.";
constexpr const char* k_exit_codes =
    "Exit codes: 0 advance or success, 1 runpin itself failed, 2 usage or configuration error,\n"
    "3 HOLD_REMEDIATE, 4 NO_GO_RESET_REQUIRED.";

using Runners = std::map<const CLI::App*, Runner>;

void add_globals(CLI::App& app, GlobalOptions& globals) {
  app.add_option("-w,--workspace", globals.directory,
                 "The workspace (default: RUNPIN_WORKSPACE, else the current directory)")
      ->type_name("DIR");
  app.add_flag("--json", globals.json, "Print one JSON document on stdout, and nothing else there");
  app.add_flag("-q,--quiet", globals.quiet,
               "Nothing on stderr but errors, and of a run its verdict alone");
  app.add_flag("-v,--verbose", globals.verbosity, "More on stderr");
  app.add_flag("--no-color", globals.no_color, "No colour, on a terminal either");
  app.set_version_flag("--version", version_line(), "Print the version");
  app.set_help_flag("-h,--help", "Print this help");
}

void add_commands(CLI::App& parent, const std::vector<Command>& commands, Runners& runners) {
  parent.require_subcommand(0, 1);
  for (const Command& command : commands) {
    CLI::App* app = parent.add_subcommand(command.name, command.help);
    app->fallthrough();
    if (command.attach) runners[app] = command.attach(*app);
    if (!command.children.empty()) add_commands(*app, command.children, runners);
  }
}

const CLI::App* chosen(const CLI::App& app) {
  const CLI::App* at = &app;
  for (auto below = at->get_subcommands(); !below.empty(); below = at->get_subcommands())
    at = below.front();
  return at;
}

// "runpin", "runpin registry", "runpin registry get"
std::string path_of(const CLI::App* app) {
  if (app->get_parent() == nullptr) return app->get_name();
  return path_of(app->get_parent()) + " " + app->get_name();
}

std::string names_of_children(const CLI::App& app) {
  std::string names;
  for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; }))
    names += (names.empty() ? "" : ", ") + child->get_name();
  return names;
}

// "--json", "--to": of the command and of what it belongs to.
std::vector<std::string> options_of(const CLI::App* app) {
  std::vector<std::string> names;
  for (; app != nullptr; app = app->get_parent())
    for (const CLI::Option* option : app->get_options())
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

tl::unexpected<Error> misused(const CLI::App& app, std::string message) {
  const std::string path = path_of(chosen(app));
  return fail(ErrorKind::k_usage, std::move(message), "", "see `" + path + " --help`");
}

// "--jsno" is not an option …; "rnu" is no command, …
tl::unexpected<Error> unexpected_argument(const CLI::App& app) {
  const CLI::App* at = chosen(app);
  const auto left = app.remaining(true);
  const std::string first = left.empty() ? "" : left.front();
  // What stands here by accident may be a part of any value, a secret one too.
  const std::string shown = quoted(first);
  if (!first.empty() && first.front() == '-') {
    const auto near = nearest(first.substr(0, first.find('=')), options_of(at), 1);
    return misused(app, shown + " is no option of `" + path_of(at) + "`" +
                            (near.empty() ? "" : "; did you mean '" + near.front() + "'?"));
  }
  std::vector<std::string> names;
  for (const CLI::App* child : at->get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(child->get_name());
  if (names.empty())
    return misused(app, shown + " is one argument too many for `" + path_of(at) + "`");
  std::string message = shown + " is no command of `" + path_of(at) + "`";
  const auto near = nearest(first, names, 1);
  if (!near.empty()) message += "; did you mean '" + near.front() + "'?";
  return misused(app, message);
}

}  // namespace

Result<std::variant<Invocation, HelpText>> parse_command_line(
    const std::vector<Command>& commands, const std::vector<std::string>& arguments) {
  using Parsed = std::variant<Invocation, HelpText>;
  CLI::App app(k_about, "runpin");
  app.footer(k_exit_codes);
  GlobalOptions globals;
  Runners runners;
  add_globals(app, globals);
  add_commands(app, commands, runners);
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    return Parsed(HelpText{app.help()});
  } catch (const CLI::CallForVersion&) {
    return Parsed(HelpText{version_line() + "\n"});
  } catch (const CLI::ExtrasError&) {
    return unexpected_argument(app);
  } catch (const CLI::ParseError& error) {
    return misused(app, error.what());
  }
  const CLI::App* command = chosen(app);
  if (command == &app || runners.count(command) == 0)
    return misused(app,
                   "`" + path_of(command) + "` needs a command: " + names_of_children(*command));
  return Parsed(Invocation{std::move(globals), std::move(runners[command])});
}

bool asks_for_json(const std::vector<std::string>& arguments) {
  return std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
}

std::string version_line() {
  return "runpin " RUNPIN_VERSION;
}

}  // namespace runpin::cli
