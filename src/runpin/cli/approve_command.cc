// runpin approve: what a person answers for, on record for the gate to read.
#include <fmt/format.h>

#include "runpin/cli/audited_text.h"
#include "runpin/cli/command.h"
#include "runpin/cli/gate_wiring.h"
#include "runpin/cli/now_option.h"
#include "runpin/cli/show_receipt.h"
#include "runpin/gate/resets.h"

namespace runpin::cli {
namespace {

struct Options {
  std::string actor;
  std::string reason;
  std::optional<std::string> now;
};

void add(CLI::App& app, Options& options) {
  app.add_option("--actor", options.actor, "Who approves")->type_name("WHO")->required();
  app.add_option("--reason", options.reason, "Why, on one line")->type_name("WHY")->required();
  add_now(app, options.now, "When it was approved");
  app.footer(
      "The approval holds for the calendar month (UTC) of its instant: M3.H then lets spend at or\n"
      "above alert 3 pass, up to the budget's limit, also where it comes later in the month. It "
      "is\n"
      "written once and never withdrawn.\n"
      "Prints its key; exits 2 and writes nothing when it would be refused.");
}

Result<void> check_words(const Options& options) {
  if (auto ok = check_audited_text("--actor", options.actor, k_max_actor); !ok) return ok;
  return check_audited_text("--reason", options.reason, k_max_reason);
}

std::string month_of(const Instant& now) {
  return now.date().substr(0, sizeof "2026-02" - 1);
}

Json approval_body(const Options& options, const Instant& now, const ExecutionId& id) {
  return object({{"schema", "runpin_cost_approval_v1"},
                 {"receipt_id", id.str()},
                 {"recorded_at_utc", now.rfc3339()},
                 {"approves", "month-to-date spend at or above alert 3"},
                 {"month", month_of(now)},
                 {"actor", options.actor},
                 {"reason", options.reason}});
}

int approve_cost(const Options& options, Context& context) {
  if (const auto words = check_words(options); !words) return context.output.error(words.error());
  const auto now = one_instant(options.now, context);
  if (!now) return context.output.error(now.error());
  const auto gate = GateWiring::make(context);
  if (!gate) return context.output.error(gate.error());
  const auto receipt =
      record_receipt(*(*gate)->ports().store, (*gate)->layout(), k_approval_prefix, k_approval_name,
                     *now, [&](const ExecutionId& id) { return approval_body(options, *now, id); });
  if (!receipt) return context.output.error(receipt.error());
  context.output.progress(
      fmt::format("spend at or above alert 3 is approved for {}", month_of(*now)));
  return show_receipt(*receipt, context.output);
}

}  // namespace

Command approve_command() {
  return make_group(
      "approve", "Approvals that the gate asks for",
      {make_command("cost", "Approve this month's spend at or above alert 3", add, approve_cost)});
}

}  // namespace runpin::cli
