// Local files that a stop took from a run: durable storage has them, and they are written anew.
#pragma once

#include <span>

#include "runpin/gate/evidence_reader.h"
#include "runpin/gate/history.h"
#include "runpin/gate/lane.h"

namespace runpin {

// Every committed execution of the run that has no local files gets them. One whose durable
// evidence does not hold together is left without. The first error of `local` that is met, after
// all were tried; its message names the execution.
Result<void> complete_local_copies(const RunHistory& history, std::span<const Lane> lanes,
                                   EvidenceReader& reader, LocalArtifacts& local);

}  // namespace runpin
