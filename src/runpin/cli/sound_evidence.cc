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

}  // namespace

Result<Verification> verify_by(GateWiring& gate, const VerifyOptions& options) {
  const Ports& ports = gate.ports();
  return verify_run({all_lanes(), *ports.store, ports.at_once, gate.loaded().registry,
                     gate.layout(), gate.names()},
                    options);
}

Result<void> check_evidence(GateWiring& gate, const std::optional<std::string>& run) {
  const auto verification = verify_by(gate, {run, {}});
  if (!verification) return tl::unexpected(verification.error());
  const auto& findings = verification->findings;
  const auto wrong = std::find_if(findings.begin(), findings.end(), is_forgery);
  if (wrong == findings.end()) return {};
  return fail(ErrorKind::k_malformed,
              without_secrets(fmt::format("the run's evidence does not hold: {}: {}", wrong->kind,
                                          wrong->message)),
              wrong->where, "runpin verify shows all of it; runpin run starts a new run");
}

}  // namespace runpin::cli
