// Runs that have ended, each as the newest in a platform database beside the run of somebody else.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/faults/platform.h"

namespace runpin::testing {

struct FinishedRun {
  std::string name;
  std::shared_ptr<Platform> platform;        // with the database as it is without tampering
  int exit_code = 0;                         // of `verify`
  std::string root;                          // SHA-256 of the root summary
  std::map<std::string, std::string> own;    // objects of the run
  std::map<std::string, std::string> other;  // objects of the run beside it
  bool has_claim = true;
};

// Green, resumed twice, held, at NO_GO, held before its claim, and green to M3.F.
const std::vector<FinishedRun>& finished_runs();

}  // namespace runpin::testing
