#include "runpin/cli/show_report.h"

#include <fmt/format.h>

#include "runpin/cli/withheld.h"
#include "runpin/cli/wrapped.h"

namespace runpin::cli {
namespace {

std::string text_or(const Json& value, std::string_view otherwise) {
  return value.if_string() ? value.text() : std::string(otherwise);
}

Style style_of(LaneState state) {
  switch (state) {
    case LaneState::k_green:
      return Style::k_good;
    case LaneState::k_held:
    case LaneState::k_unreadable:
      return Style::k_bad;
    case LaneState::k_stopped:
    case LaneState::k_absent:
      return Style::k_dim;
  }
  return Style::k_bad;
}

bool has_evidence(const LaneReport& lane) {
  return lane.evidence.state == LaneState::k_green || lane.evidence.state == LaneState::k_held;
}

void show_lane(const LaneReport& lane, Output& output) {
  const std::string state = output.paint(style_of(lane.evidence.state),
                                         fmt::format("{:<10}", name_of(lane.evidence.state)));
  const std::string tail =
      has_evidence(lane) ? lane.evidence.execution_id.str() : lane.evidence.reason;
  output.line(fmt::format("{}  {:<38} {} {}", lane.lane->lane, lane.lane->title, state, tail));
}

void show_blocker(const Blocker& blocker, Output& output) {
  // What is withheld is told from the whole text, before it is broken into lines.
  const auto& [message, expected, found, where, fix] = blocker.says;
  const std::string about = wrapped(
      "", without_secrets(fmt::format("{} {} ({}): {}", blocker.code, name_of(blocker.severity),
                                      blocker.phase_code, message)));
  const std::size_t code = about.starts_with(blocker.code) ? blocker.code.size() : 0;
  output.line(output.paint(Style::k_bad, about.substr(0, code)) + about.substr(code));
  output.line(wrapped("  expected  ", without_secrets(expected)));
  output.line(wrapped("  found     ", without_secrets(found)));
  output.line("  where     " + where);
  constexpr std::string_view k_fix = "  fix       ";
  const std::string edit = wrapped(k_fix, output.as_typed(without_secrets(fix)));
  output.line(std::string(k_fix) + output.paint(Style::k_bold, edit.substr(k_fix.size())));
}

// The rollup and the verdict only repeat that other lanes hold; what can be acted on comes from
// those lanes.
bool only_repeats_others(const LaneReport& lane, const RunReport& report) {
  if (!lane.lane->always_runs) return false;
  for (const LaneReport& other : report.lanes)
    if (!other.lane->always_runs && !other.blockers.empty()) return true;
  return false;
}

bool is_derived(const Blocker& blocker) {
  return blocker.code == "M3I-B2" || blocker.code == "M3J-B2" || blocker.code == "M3J-B3";
}

void show_blockers(const RunReport& report, Output& output) {
  for (const LaneReport& lane : report.lanes)
    for (const Blocker& blocker : lane.blockers)
      if (!is_derived(blocker) || !only_repeats_others(lane, report)) {
        output.line("");
        show_blocker(blocker, output);
      }
}

void show_evidence(const RunReport& report, const GateWiring& gate, Output& output) {
  const Workspace& workspace = gate.loaded().workspace;
  const LaneReport* newest = nullptr;
  for (const LaneReport& lane : report.lanes)
    if (has_evidence(lane)) newest = &lane;
  if (!newest) return;
  if (newest->evidence.is_durable) {
    output.line(fmt::format("evidence  {} in {}", newest->evidence.summary_key,
                            gate.ports().store->name()));
    output.line(fmt::format("          SHA-256 {}", newest->evidence.summary_sha256.str()));
  } else {
    output.line(fmt::format("evidence  none: {} did not take it; the local files are all there is",
                            gate.ports().store->name()));
  }
  output.line(fmt::format("local     {}/{}", workspace.local_root.value,
                          newest->evidence.execution_id.str()));
}

std::string verdict_line(const RunReport& report, const Output& output) {
  if (!report.hold_class.empty()) {
    const std::string verdict = text_or(report.verdict, k_hold_m3);
    return output.paint(Style::k_bad, fmt::format("{} ({})", verdict, report.hold_class));
  }
  if (report.verdict.if_string()) return output.paint(Style::k_good, report.verdict.text());
  return fmt::format("no verdict yet; next gate {}",
                     report.next_gate.empty() ? "M3.A_READY" : report.next_gate);
}

}  // namespace

int show_report(const RunReport& report, const GateWiring& gate, Output& output) {
  output.document(to_json(report));
  if (output.quiet()) {
    output.line(verdict_line(report, output));
    return static_cast<int>(report.exit_code());
  }
  output.line(fmt::format("run       {}", text_or(report.platform_run_id, "not pinned")));
  output.line(fmt::format("scenario  {}", text_or(report.scenario_run_id, "not derived")));
  output.line(fmt::format("digest    {}", text_or(report.config_digest, "not computed")));
  output.line("");
  for (const LaneReport& lane : report.lanes) show_lane(lane, output);
  show_blockers(report, output);
  output.line("");
  show_evidence(report, gate, output);
  output.line(fmt::format("verdict   {}", verdict_line(report, output)));
  return static_cast<int>(report.exit_code());
}

}  // namespace runpin::cli
