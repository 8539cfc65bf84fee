// Where the fuzzers' evidence lies: "e/run_control/<execution_id>/".
#pragma once

#include "runpin/gate/layout.h"

namespace runpin::fuzz {

inline const Layout& layout() {
  static const Layout k_layout = *Layout::from(*Registry::parse(
      "* `S3_RUN_CONTROL_ROOT_PATTERN = \"e/run_control/{phase_execution_id}/\"`\n", "r.md"));
  return k_layout;
}

}  // namespace runpin::fuzz
