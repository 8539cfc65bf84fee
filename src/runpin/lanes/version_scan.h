// Whether the store still has all that a run committed, each object once: M3.G asks before the
// spend is judged, M3.J asks again before the run is closed.
#pragma once

#include "runpin/gate/lane.h"

namespace runpin {

// A fact: {"objects_scanned", and by key "delete_markers", "rewritten_keys", "missing_keys"}, over
// `run_root` and the prefixes of every execution of the run so far. What must be there: the claim,
// each artifact and summary of `up` with its copies, run.json and the run header.
Json gather_versions(World& world, const Layout& layout, const Upstream& up,
                     const std::string& run_root);

// Raises `code` for what was deleted, rewritten or is gone, and where the versions cannot be read.
void judge_versions(const Json& versions, std::string_view code, Blockers& blockers);

}  // namespace runpin
