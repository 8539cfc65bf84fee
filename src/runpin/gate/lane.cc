#include "runpin/gate/lane.h"

#include <stdexcept>

namespace runpin {

namespace {

std::string with_next_command(std::string fix, Severity severity) {
  for (const char* command : {"runpin run", "runpin resume"})
    if (fix.find(command) != std::string::npos) return fix;
  constexpr std::string_view k_again = ", and try again";
  if (fix.ends_with(k_again)) fix.resize(fix.size() - k_again.size());
  return fix + (severity == Severity::k_s1 ? ", then runpin run" : ", then runpin resume");
}

}  // namespace

std::string_view name_of(LaneState state) {
  switch (state) {
    case LaneState::k_green:
      return "green";
    case LaneState::k_held:
      return "held";
    case LaneState::k_stopped:
      return "stopped";
    case LaneState::k_absent:
      return "absent";
    case LaneState::k_unreadable:
      return "unreadable";
  }
  return "unreadable";
}

const LaneEvidence& Upstream::lane(std::string_view name) const {
  static const LaneEvidence k_absent;
  const auto found = lanes.find(std::string(name));
  return found == lanes.end() ? k_absent : found->second;
}

const Json& Upstream::artifact(std::string_view lane_name, std::string_view name) const {
  static const Json k_null;
  const auto& artifacts = lane(lane_name).artifacts;
  const auto found = artifacts.find(std::string(name));
  return found == artifacts.end() ? k_null : found->second;
}

std::string place_of(const LaneContext& context, const ExecutionId& execution,
                     std::string_view artifact) {
  return execution.empty() ? std::string(artifact)
                           : context.layout->artifact_key(execution, artifact).str();
}

void Blockers::raise(std::string_view code, Explanation says) {
  const BlockerContract* contract = lane_.blocker(code);
  if (!contract) throw std::logic_error(lane_.lane + " has no blocker " + std::string(code));
  says.fix = with_next_command(std::move(says.fix), contract->severity);

  all_.push_back({contract->code, contract->phase_code, contract->severity, std::move(says)});
}

bool Blockers::raised(std::string_view code) const {
  for (const Blocker& blocker : all_)
    if (blocker.code == code) return true;
  return false;
}

}  // namespace runpin
