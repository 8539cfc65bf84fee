// The dated note that a verdict leaves in the workspace's own documents. Pure: told from M3.J's
// durable evidence.
#pragma once

#include <string>

#include "runpin/gate/lane.h"

namespace runpin {

struct ClosureNote {
  std::string
      marker;  // an HTML comment naming the M3.J execution: the note is there where the marker is
  std::string text;  // markdown, the marker in it
};

// REQUIRES: `verdict` is M3.J, green or held, with its artifacts read from durable storage.
ClosureNote closure_note(const LaneEvidence& verdict);

}  // namespace runpin
