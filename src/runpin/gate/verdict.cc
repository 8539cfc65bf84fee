#include "runpin/gate/verdict.h"

#include <algorithm>

namespace runpin {

std::string_view hold_class(const std::vector<Blocker>& unresolved) {
  if (unresolved.empty()) return "";
  const bool any_s1 = std::any_of(unresolved.begin(), unresolved.end(),
                                  [](const Blocker& b) { return b.severity == Severity::k_s1; });
  return any_s1 ? k_no_go : k_hold_remediate;
}

std::string_view rollup_verdict(const std::vector<Blocker>& unresolved) {
  return unresolved.empty() ? k_advance_to_m3j : hold_class(unresolved);
}

ExitCode exit_code_of(std::string_view hold) {
  if (hold.empty()) return ExitCode::k_success;
  return hold == k_hold_remediate ? ExitCode::k_held : ExitCode::k_reset_required;
}

}  // namespace runpin
