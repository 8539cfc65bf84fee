// The resets that M3.G finds on record, and what it makes of them.
#pragma once

#include "runpin/gate/lane.h"

namespace runpin {

// A fact: {"observed": the receipts that concern this run, each with its missing_fields and
// adjudicated_by; "no_go_attempts": [{stamp, adjudicated_by}], the attempts of this run that ended
// in NO_GO and were gone on from}. Secret material in a receipt is withheld. A receipt that names
// neither an attempt nor a run may concern any run, so it concerns all.
Json gather_resets(World& world, const LaneContext& context, const Upstream& up);

// Raises M3G-B5 for what lacks a field or cannot be read, M3G-B4 for a class that is not permitted,
// M3G-B6 for a NO_GO that was gone on from without a reset. A receipt that stands in the store
// stays there, so the cure of the three is a further, whole receipt that adjudicates it by name.
void judge_reset_facts(const Json& resets, Blockers& blockers);

}  // namespace runpin
