// The ten lanes of M3, in chain order. Each has one file that reads alike: purpose, gather, judge,
// row. Adding a lane is one file and one line in the table of lanes.cc.
#pragma once

#include <span>

#include "runpin/gate/lane.h"

namespace runpin {

const Lane& a_handle_closure();
const Lane& b_run_identity();
const Lane& c_config_digest();
const Lane& d_orchestrator_entry();
const Lane& e_run_evidence();
const Lane& f_handoff();
const Lane& g_rerun_discipline();
const Lane& h_cost_outcome();
const Lane& i_gate_rollup();
const Lane& j_phase_verdict();

std::span<const Lane> all_lanes();

}  // namespace runpin
