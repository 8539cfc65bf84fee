// runpin list: every run that the store knows, newest first.
#include <fmt/format.h>

#include "runpin/cli/command.h"
#include "runpin/cli/gate_wiring.h"

namespace runpin::cli {
namespace {

struct Options {};

void add(CLI::App& app, Options&) {
  app.footer(
      "One run a line: the newest attempt's stamp, the run's id, how many attempts, the verdict "
      "as\n"
      "the run states it; runpin verify RUN proves it.");
}

std::string standing_of(const RunHistory& history, const RunReport& report) {
  if (history.flaw) return "evidence is gone or cannot be read: " + one_line(*history.flaw);
  if (!report.hold_class.empty()) return report.hold_class;
  return report.verdict.if_string() ? report.verdict.text() : "no verdict yet";
}

int run(const Options&, Context& context) {
  const auto gate = GateWiring::make(context);
  if (!gate) return context.output.error(gate.error());
  const auto histories = read_histories(*(*gate)->ports().store, (*gate)->layout());
  if (!histories) return context.output.error(histories.error());
  Json runs = Json::Array{};
  for (const RunHistory& history : *histories) {
    const RunReport report = (*gate)->chain().status(history);
    const std::string id =
        report.platform_run_id.if_string() ? report.platform_run_id.text() : "not pinned";
    context.output.line(fmt::format("{:<20} {:<30} {:>2} {}", report.stamp.str(), id,
                                    history.attempts.size(), standing_of(history, report)));
    runs.push(
        object({{"stamp", report.stamp.str()},
                {"platform_run_id", report.platform_run_id},
                {"attempts", history.attempts.size()},
                {"flaw", history.flaw ? Json(one_line(*history.flaw)) : Json()},
                {"verdict", report.verdict},
                {"hold_class", report.hold_class.empty() ? Json() : Json(report.hold_class)}}));
  }
  context.output.document(object({{"runs", runs}, {"exit_code", k_success}}));
  return k_success;
}

}  // namespace

Command list_command() {
  return make_command<Options>("list", "List the runs that the store knows", add, run);
}

}  // namespace runpin::cli
