#include "runpin/cli/sound_evidence.h"

#include <fmt/format.h>

#include <algorithm>

#include "runpin/cli/withheld.h"
#include "runpin/lanes/lanes.h"

namespace runpin::cli {
namespace {

// What only a hand behind runpin's back brings about; a newer runpin, which wrote more than this
// one knows, does not.
bool is_forgery(const EvidenceFinding& finding) {
  return finding.kind == "digest" || finding.kind == "link" || finding.kind == "verdict";
}

VerifySetting setting_of(GateWiring& gate, EvidenceStore& store) {
  return {all_lanes(),   store,       gate.ports().at_once, gate.loaded().registry,
          gate.layout(), gate.names()};
}

Json flaw(const EvidenceFinding& finding) {
  return document_without_secrets(to_json(finding)).set("is_doubt_only", finding.is_doubt_only);
}

}  // namespace

Result<Verification> verify_by(GateWiring& gate, const VerifyOptions& options) {
  return verify_run(setting_of(gate, *gate.ports().store), options);
}

Result<void> check_evidence(GateWiring& gate, const std::string& run, bool tells_advance) {
  const auto verification = verify_by(gate, {run, {}});
  if (!verification) return tl::unexpected(verification.error());
  const auto& findings = verification->findings;
  const auto wrong = std::find_if(findings.begin(), findings.end(), [&](const auto& finding) {
    return is_forgery(finding) || (tells_advance && !finding.is_doubt_only);
  });
  if (wrong == findings.end()) return {};
  return fail(ErrorKind::k_malformed,
              without_secrets(fmt::format("the run's evidence does not hold: {}: {}", wrong->kind,
                                          wrong->message)),
              wrong->where, "runpin verify shows all of it; runpin run starts a new run");
}

Json first_flaw(GateWiring& gate, EvidenceStore& store, const ExecutionId& newest) {
  const auto verification = verify_run(setting_of(gate, store), {newest.str(), {}});
  if (!verification)
    return flaw({"store", "it cannot be looked at", "a store that can be read",
                 one_line(verification.error()), store.name(), true});
  const auto& findings = verification->findings;
  const auto is_wrong = [](const EvidenceFinding& finding) { return !finding.is_doubt_only; };
  const auto is_flaw = [](const EvidenceFinding& finding) { return finding.kind != "incomplete"; };
  auto first = std::find_if(findings.begin(), findings.end(), is_wrong);
  if (first == findings.end()) first = std::find_if(findings.begin(), findings.end(), is_flaw);
  return first == findings.end() ? Json() : flaw(*first);
}

}  // namespace runpin::cli
