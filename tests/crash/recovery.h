// What a user does after a stop, by the program's own words alone, and what must then hold.
#pragma once

#include <filesystem>
#include <string>

#include "tests/support/sample_workspace.h"

namespace runpin::testing {

inline constexpr const char* k_recovery_now = "2026-02-23T18:00:00Z";

// A copy of `workspace` at `place`, in the place of what stood there.
SampleWorkspace copy_of(const SampleWorkspace& workspace, const std::filesystem::path& place);

struct Recovery {
  std::string said;       // of the commands that were needed, for messages
  bool advanced = false;  // it ended in ADVANCE_TO_M4
};

// `runpin resume`; and `runpin run` where that says that there is no run to resume.
Recovery recover(const SampleWorkspace& workspace, const std::string& now = k_recovery_now);

// What does not hold of the newest run, a line each; "" when its evidence is whole: it stands at
// ADVANCE_TO_M4, its id is claimed once, every object belongs to a committed execution, the local
// files are those of durable storage, one closure note, no half file, and a sound database.
std::string verify_run(const SampleWorkspace& workspace);

}  // namespace runpin::testing
