// One attempt of a run has at most one that goes on from it: `resume` creates continued_by.json, if
// absent, under the first execution of the attempt that it continues. Whoever it names is the
// successor; any other reservation that says that it continues that attempt counts for nothing.
//
// So that two never work on one run: a successor takes its place before it reads how far the run
// got, and an attempt that is under way looks whether it was succeeded before it publishes. Either
// the attempt sees its successor and stops, or the successor sees what it published.
//
// Neither file is an artifact, as the reservation is none.
#pragma once

#include <optional>
#include <string>

#include "runpin/gate/reservation.h"

namespace runpin {

inline constexpr std::string_view k_succession_name = "continued_by.json";

ObjectKey succession_key(const Layout& layout, const ExecutionId& attempt);

// The bytes of continued_by.json for the attempt that goes on. REQUIRES: `successor.continues`.
Bytes succession_body(const Reservation& successor);

// Takes the place behind `successor.continues`, which it REQUIRES. k_usage when another has it.
Result<void> succeed(EvidenceStore& store, const Layout& layout, const Reservation& successor);

// The first execution of the attempt that goes on from `attempt`; nothing when none does.
// k_malformed for a continued_by.json that does not parse.
Result<std::optional<ExecutionId>> successor_of(EvidenceStore& store, const Layout& layout,
                                                const ExecutionId& attempt);

// Where a resume goes on is told when it is certain, in starts_at.json beside its reservation: how
// far the run got can be read only once the earlier attempt publishes nothing more.
inline constexpr std::string_view k_start_name = "starts_at.json";
Bytes start_body(const Reservation& resume);
Result<void> record_start(EvidenceStore& store, const Layout& layout, const Reservation& resume);
// k_no_lane when nothing is told.
Result<char> read_start(EvidenceStore& store, const Layout& layout, const ExecutionId& attempt);

}  // namespace runpin
