// Where evidence lies: object keys from the registry's patterns, local paths from execution ids.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runpin/base/result.h"
#include "runpin/base/strong.h"
#include "runpin/registry/registry.h"

namespace runpin {

// `pattern` with {token} replaced by `value`. k_config when a token is left over, or the result is
// no object key.
Result<ObjectKey> key_from_pattern(std::string_view pattern, std::string_view token,
                                   std::string_view value);

// The store's folder of executions. A pattern ends in "/" and holds {phase_execution_id} once.
class Layout {
 public:
  // From S3_RUN_CONTROL_ROOT_PATTERN. k_config with the place in the registry when it is not there
  // or cannot be used: without it there is nowhere to publish evidence to.
  static Result<Layout> from(const Registry& registry);

  // "evidence/dev_full/run_control/m3a_20260223T174307Z/"
  std::string execution_prefix(const ExecutionId& id) const;
  ObjectKey artifact_key(const ExecutionId& id, std::string_view name) const;
  ObjectKey reservation_key(const ExecutionId& id) const;

  // What all executions' keys begin with, and the execution id within such a key (nothing for other
  // keys).
  const std::string& root() const { return before_; }
  std::optional<ExecutionId> execution_of(const ObjectKey& key) const;

 private:
  std::string before_;  // "evidence/dev_full/run_control/"
  std::string after_;   // "/"
};

// "m3d_" + stamp
ExecutionId execution_id(char lane_letter, const Stamp& stamp);

inline constexpr std::string_view k_claim_name = "run_pin/claim.json";
inline constexpr std::string_view k_reservation_name = "reservation.json";

}  // namespace runpin
