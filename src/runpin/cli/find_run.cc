#include "runpin/cli/find_run.h"

#include <fmt/format.h>

#include "runpin/cli/audited_text.h"

namespace runpin::cli {
namespace {

bool names(GateWiring& gate, const RunHistory& history, const std::string& wanted) {
  for (const Reservation& attempt : history.attempts) {
    if (attempt.stamp().str() == wanted) return true;
    for (char lane = 'a'; lane <= 'j'; ++lane)
      if (attempt.runs(lane) && execution_id(lane, attempt.stamp()).str() == wanted) return true;
  }
  return wanted.starts_with("platform_") &&
         gate.chain().status(history).platform_run_id == Json(wanted);
}

}  // namespace

Result<RunHistory> find_run(GateWiring& gate, const std::optional<std::string>& wanted) {
  const auto histories = read_histories(*gate.ports().store, gate.layout());
  if (!histories) return tl::unexpected(histories.error());
  for (const RunHistory& history : *histories) {
    if (wanted && !names(gate, history, *wanted)) continue;
    if (history.flaw) return tl::unexpected(*history.flaw);
    return history;
  }
  return fail(ErrorKind::k_config,
              wanted ? fmt::format("the store knows no run {}", quoted(*wanted))
                     : "the store knows no run yet",
              gate.ports().store->name(), wanted ? "see runpin list" : "start one with runpin run");
}

}  // namespace runpin::cli
