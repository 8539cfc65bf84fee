// Which attempts a run is made of, also where what says so was changed or is gone: each is told
// from every trace that it left. gate/history.h is for runs that are sound; it refuses others.
#pragma once

#include <optional>
#include <string>

#include "runpin/gate/history.h"
#include "runpin/verify/evidence_finding.h"
#include "runpin/verify/evidence_snapshot.h"

namespace runpin {

// The run that `wanted` names (platform_run_id, stamp, execution id; nothing: the newest), oldest
// attempt first. What does not hold in its reservations and their succession goes to `findings`,
// and the attempt is then told as well as the rest tells it. Nothing when the store knows no such
// run. REQUIRES: `evidence` has listed layout.root().
std::optional<RunHistory> find_attempts(EvidenceSnapshot& evidence, const Layout& layout,
                                        const std::optional<std::string>& wanted,
                                        EvidenceFindings& findings);

}  // namespace runpin
