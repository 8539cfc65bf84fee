// runpin status: where a run stands, from durable evidence.
#include "runpin/cli/command.h"
#include "runpin/cli/find_run.h"
#include "runpin/cli/show_report.h"
#include "runpin/cli/sound_evidence.h"

namespace runpin::cli {
namespace {

struct Options {
  std::optional<std::string> run;
};

void add(CLI::App& app, Options& options) {
  app.add_option("RUN", options.run,
                 "platform_run_id, stamp or execution id (default: the newest run)");
  app.footer(
      "Exits as the run it shows: 0 advance or nothing held, 3 HOLD_REMEDIATE, 4 "
      "NO_GO_RESET_REQUIRED.");
}

int run(const Options& options, Context& context) {
  const auto gate = GateWiring::make(context);
  if (!gate) return context.output.error(gate.error());
  const auto history = find_run(**gate, options.run);
  if (!history) return context.output.error(history.error());
  const RunReport report = (*gate)->chain().status(*history);
  if (report.exit_code() == ExitCode::k_success)
    if (const auto sound =
            check_evidence(**gate, history->newest().execution_id.str(), !report.verdict.is_null());
        !sound)
      return context.output.error(sound.error());
  return show_report(report, **gate, context.output);
}

}  // namespace

Command status_command() {
  return make_command<Options>("status", "Show where a run stands", add, run);
}

}  // namespace runpin::cli
