// From blockers to a verdict: any unresolved S1 gives NO_GO_RESET_REQUIRED, else any S2
// HOLD_REMEDIATE, else an advance. Pure, and the only place that says so.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runpin/gate/blocker.h"

namespace runpin {

inline constexpr std::string_view k_advance_to_m3j = "ADVANCE_TO_M3J";
inline constexpr std::string_view k_advance_to_m4 = "ADVANCE_TO_M4";
inline constexpr std::string_view k_hold_m3 = "HOLD_M3";
inline constexpr std::string_view k_hold_remediate = "HOLD_REMEDIATE";
inline constexpr std::string_view k_no_go = "NO_GO_RESET_REQUIRED";

// "" when there is no blocker.
std::string_view hold_class(const std::vector<Blocker>& unresolved);

// The rollup's verdict: ADVANCE_TO_M3J, HOLD_REMEDIATE or NO_GO_RESET_REQUIRED.
std::string_view rollup_verdict(const std::vector<Blocker>& unresolved);

enum class ExitCode {
  k_success = 0,
  k_program_failed = 1,
  k_usage = 2,
  k_held = 3,
  k_reset_required = 4
};
// For a hold class, "" being success.
ExitCode exit_code_of(std::string_view hold_class);

}  // namespace runpin
