#include "runpin/gate/closure_note.h"

#include <fmt/format.h>

#include <set>

namespace runpin {
namespace {

std::string shown(const Json& value) {
  return value.if_string() ? "`" + value.text() + "`" : "not pinned";
}

std::string codes_of(const Json& blockers) {
  std::set<std::string> codes;
  for (const Json& blocker : blockers.items()) codes.insert(blocker["code"].text());
  return codes.empty() ? "none" : join({codes.begin(), codes.end()}, ", ");
}

}  // namespace

ClosureNote closure_note(const LaneEvidence& verdict) {
  const auto found = verdict.artifacts.find("m3_execution_summary.json");
  const Json summary = found == verdict.artifacts.end() ? Json() : found->second;
  ClosureNote note;
  note.marker = fmt::format("<!-- runpin {} -->", verdict.execution_id.str());
  note.text = fmt::format(
      "\n{}\n### {}: M3 verdict {}{}\n\n", note.marker, verdict.summary["ended_at_utc"].text(),
      summary["verdict"].text(),
      summary["hold_class"].if_string() ? " (" + summary["hold_class"].text() + ")" : "");
  note.text +=
      fmt::format("- Run {}, scenario {}, config digest {}\n", shown(summary["platform_run_id"]),
                  shown(summary["scenario_run_id"]), shown(summary["config_digest"]));
  note.text += fmt::format("- Unresolved blockers: {}\n", codes_of(summary["unresolved_blockers"]));
  note.text += fmt::format("- Evidence: `{}`, SHA-256 `{}`\n", verdict.summary_key,
                           verdict.summary_sha256.str());
  return note;
}

}  // namespace runpin
