// One row of the blocker table put to the test: what a refusal must look like, and what a cure must
// bring about.
#pragma once

#include <string>
#include <vector>

#include "tests/faults/fault_row.h"

namespace runpin::testing {

// Every way in which `row` does not keep its word; none is empty.
struct Trial {
  std::vector<std::string> faults;  // "the exit code is 3, not 4"
  bool cured = false;
};

// Provokes the row's fault on a platform of its own, checks the refusal, applies the cure that the
// blocker prints, and checks that the run advances.
Trial try_row(const FaultRow& row);

// Brings the platform to where the fault bites, and breaks it.
void break_platform(Platform& platform, const std::vector<const FaultRow*>& rows, char after);

// Where an attempt that did not advance says that it does, or shows the secret: in any artifact,
// durable or local, and in its report.
std::vector<std::string> false_claims(const Platform& platform, const Outcome& outcome);

// What is wrong with an attempt that should have advanced.
std::vector<std::string> advance_faults(const Platform& platform, const Outcome& outcome);

}  // namespace runpin::testing
