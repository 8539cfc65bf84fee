#include "runpin/lanes/lanes.h"

namespace runpin {

std::span<const Lane> all_lanes() {
  static const Lane k_lanes[] = {a_handle_closure(),     b_run_identity(), c_config_digest(),
                                 d_orchestrator_entry(), e_run_evidence(), f_handoff(),
                                 g_rerun_discipline(),   h_cost_outcome(), i_gate_rollup(),
                                 j_phase_verdict()};
  return k_lanes;
}

}  // namespace runpin
