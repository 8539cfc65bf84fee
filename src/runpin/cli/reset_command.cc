// runpin reset: audited receipts of resets, without which nothing goes on after NO_GO.
#include <fmt/format.h>

#include <algorithm>

#include "runpin/canon/json_writer.h"
#include "runpin/cli/audited_text.h"
#include "runpin/cli/command.h"
#include "runpin/cli/find_run.h"
#include "runpin/cli/now_option.h"
#include "runpin/cli/show_receipt.h"
#include "runpin/gate/contract.h"
#include "runpin/gate/resets.h"

namespace runpin::cli {
namespace {

struct Options {
  std::string reset_class;
  std::string actor;
  std::string reason;
  std::string scope;
  std::vector<std::string> adjudicates;
  std::optional<std::string> now;
  std::optional<std::string> run;
};

constexpr const char* k_law =
    "A reset is recorded for a run that is held: at NO_GO_RESET_REQUIRED, where runpin resume "
    "asks\n"
    "for it, or at HOLD_REMEDIATE, where a reset was made on the way. The receipt answers the "
    "run's\n"
    "newest attempt, so that each further NO_GO needs a receipt of its own; it is written once "
    "and\n"
    "read by M3.G. For a run that nothing holds it is refused, as there is nothing to go on from.\n"
    "A flawed receipt stays where it is; --adjudicates closes it, or an attempt that was gone on\n"
    "from without one.\n"
    "Prints the receipt's key; exits 2 and writes nothing when the receipt would be refused.";

void add(CLI::App& app, Options& options) {
  app.add_option("--class", options.reset_class, join(permitted_reset_classes(), ", "))
      ->type_name("CLASS")
      ->required();
  app.add_option("--actor", options.actor, "Who made the reset")->type_name("WHO")->required();
  app.add_option("--reason", options.reason, "Why, on one line")->type_name("WHY")->required();
  app.add_option("--scope", options.scope, "What was reset")->type_name("WHAT")->required();
  app.add_option(
         "--adjudicates", options.adjudicates,
         "A flawed reset receipt's id, or an attempt's stamp, that this one settles; may be "
         "given again")
      ->type_name("ID")
      ->allow_extra_args(false);
  add_now(app, options.now, "When it was recorded");
  app.add_option("RUN", options.run,
                 "platform_run_id, stamp or execution id (default: the newest run)");
  app.footer(k_law);
}

Result<void> check_words(const Options& options) {
  if (!is_permitted_reset_class(options.reset_class))
    return fail(ErrorKind::k_usage,
                fmt::format("{} is no permitted reset class", quoted(options.reset_class)),
                "--class", "use one of " + join(permitted_reset_classes(), ", "));
  if (auto ok = check_audited_text("--actor", options.actor, k_max_actor); !ok) return ok;
  if (auto ok = check_audited_text("--reason", options.reason, k_max_reason); !ok) return ok;
  return check_audited_text("--scope", options.scope, k_max_scope);
}

// Whether a reset of this run, recorded at `now`, would mean anything.
Result<void> check_run(const RunReport& standing, const Reservation& newest, const Instant& now) {
  const std::string& attempt = newest.execution_id.str();
  if (standing.hold_class.empty())
    return fail(ErrorKind::k_usage,
                fmt::format("nothing holds the run of {}, so there is no reset to record", attempt),
                "", "start a new one with runpin run");
  if (now < newest.reserved_at)
    return fail(ErrorKind::k_usage,
                fmt::format("{} is before {}, the instant of {}, which the receipt would answer",
                            now.rfc3339(), newest.reserved_at.rfc3339(), attempt),
                "", "set the clock right, or give a later --now");
  return {};
}

Result<void> check_adjudicated(const Options& options, const RunHistory& history,
                               const std::vector<RecordedReceipt>& resets) {
  std::vector<std::string> known;
  for (const RecordedReceipt& reset : resets) known.push_back(reset.id.str());
  for (const Reservation& attempt : history.attempts) known.push_back(attempt.stamp().str());
  for (const std::string& subject : options.adjudicates)
    if (std::find(known.begin(), known.end(), subject) == known.end())
      return fail(ErrorKind::k_usage,
                  fmt::format("{} is neither a reset receipt's id nor the stamp of an attempt of "
                              "this run",
                              quoted(subject)),
                  "--adjudicates", "there are " + join(known, ", "));
  return {};
}

Json blocker_codes(const RunReport& standing) {
  Json codes = Json::Array{};
  for (const LaneReport& lane : standing.lanes)
    for (const Blocker& blocker : lane.blockers) codes.push(blocker.code);
  return codes;
}

Json receipt_body(const Options& options, const Instant& now, const RunHistory& history,
                  const RunReport& standing, const ExecutionId& id) {
  return object({{"schema", "runpin_reset_receipt_v1"},
                 {"receipt_id", id.str()},
                 {"recorded_at_utc", now.rfc3339()},
                 {"class", options.reset_class},
                 {"actor", options.actor},
                 {"reason", options.reason},
                 {"scope", options.scope},
                 {"adjudicates", Json(options.adjudicates)},
                 {"platform_run_id", standing.platform_run_id},
                 {"answers_execution_id", history.newest().execution_id.str()},
                 {"answers_hold_class", standing.hold_class},
                 {"answers_blockers", blocker_codes(standing)}});
}

Result<RecordedReceipt> record(const Options& options, Context& context, GateWiring& gate) {
  const auto now = one_instant(options.now, context);
  if (!now) return tl::unexpected(now.error());
  EvidenceStore& store = *gate.ports().store;
  const auto history = find_run(gate, options.run);
  if (!history) return tl::unexpected(history.error());
  const RunReport standing = gate.chain().status(*history);
  if (auto ok = check_run(standing, history->newest(), *now); !ok)
    return tl::unexpected(ok.error());
  const auto resets = read_receipts(store, gate.layout(), k_reset_prefix, k_reset_name);
  if (!resets) return tl::unexpected(resets.error());
  if (auto ok = check_adjudicated(options, *history, *resets); !ok)
    return tl::unexpected(ok.error());
  return record_receipt(
      store, gate.layout(), k_reset_prefix, k_reset_name, *now, [&](const ExecutionId& id) {
        return gate.names().to_pinned(receipt_body(options, *now, *history, standing, id));
      });
}

int reset_record(const Options& options, Context& context) {
  if (const auto words = check_words(options); !words) return context.output.error(words.error());
  const auto gate = GateWiring::make(context);
  if (!gate) return context.output.error(gate.error());
  const auto receipt = record(options, context, **gate);
  if (!receipt) return context.output.error(receipt.error());
  context.output.progress(fmt::format("{} answers {}; runpin resume goes on from the failed lane",
                                      receipt->id.str(),
                                      receipt->body["answers_execution_id"].text()));
  return show_receipt(*receipt, context.output);
}

}  // namespace

Command reset_command() {
  return make_group("reset", "Audited receipts of resets",
                    {make_command("record", "Put a reset on record, so that a held run may go on",
                                  add, reset_record)});
}

}  // namespace runpin::cli
