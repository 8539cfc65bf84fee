#include "runpin/cli/run_main.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <exception>
#include <string>
#include <variant>
#include <vector>

#include "runpin/cli/command_line.h"
#include "runpin/cli/context.h"
#include "runpin/cli/output.h"

namespace runpin::cli {
namespace {

// A standard stream that the caller closed would otherwise be reused by the next file that is
// opened, and our output would land in the evidence database. It is opened the wrong way round, so
// that using it fails as it should.
void occupy_standard_streams() {
  constexpr int k_flags[] = {O_WRONLY, O_RDONLY, O_WRONLY};
  for (int descriptor = 0; descriptor < 3; ++descriptor)
    if (fcntl(descriptor, F_GETFD) == -1 && open("/dev/null", k_flags[descriptor]) != descriptor)
      _exit(k_program_failed);
}

OutputOptions output_options(const GlobalOptions& globals) {
  const bool color = !globals.no_color && !globals.json && !system_environment("NO_COLOR") &&
                     system_environment("TERM").value_or("dumb") != "dumb";
  return {globals.json,      globals.quiet,           globals.verbosity,
          globals.directory, color && isatty(1) == 1, color && isatty(2) == 1};
}

int finish(Output& output, int code) {
  if (output.finish()) return code;
  output.notice("runpin: stdout could not be written in full; do not trust what it shows");
  return k_program_failed;
}

int run_command(const Invocation& invocation) {
  Output output(stdout, stderr, output_options(invocation.globals));
  const std::string directory =
      invocation.globals.directory.value_or(system_environment("RUNPIN_WORKSPACE").value_or("."));
  Context context = system_context(output, directory);
  return finish(output, invocation.run(context));
}

int answer(const std::vector<std::string>& arguments) {
  Output output(stdout, stderr, OutputOptions{.json = asks_for_json(arguments)});
  const auto commands = all_commands();
  auto parsed = parse_command_line(commands, arguments);
  if (!parsed && arguments.empty()) {
    const auto help = parse_command_line(commands, {"--help"});
    output.notice(std::get<HelpText>(*help).text);
  }
  if (!parsed) return finish(output, output.error(parsed.error()));
  if (const auto* invocation = std::get_if<Invocation>(&*parsed)) return run_command(*invocation);
  Output plain(stdout, stderr, OutputOptions{});
  plain.text(std::get<HelpText>(*parsed).text);
  return finish(plain, k_success);
}

int report_defect(const char* what, const std::vector<std::string>& arguments) {
  Output output(stdout, stderr, OutputOptions{.json = asks_for_json(arguments)});
  const int code = output.error({ErrorKind::k_internal, fmt::format("unexpected failure: {}", what),
                                 "", "please report this with the command that was run"});
  return finish(output, code);
}

}  // namespace

int run_main(int argc, char** argv) {
  occupy_standard_streams();
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // beyond a file size limit a write fails, as on a full disk
  std::vector<std::string> arguments;
  try {
    arguments.assign(argv + (argc > 0 ? 1 : 0), argv + argc);
    return answer(arguments);
  } catch (const std::exception& error) {
    return report_defect(error.what(), arguments);
  } catch (...) {
    return report_defect("of no known kind", arguments);
  }
}

}  // namespace runpin::cli
