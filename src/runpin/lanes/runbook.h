// The runbook's laws as text: the three rerun laws by their sentences, the reset classes, the
// correlation fields.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runpin/gate/world.h"

namespace runpin {

struct RunbookLaw {
  std::string text;
  bool found = false;
};

struct Runbook {
  std::vector<RunbookLaw> laws;
  std::vector<std::string> reset_classes;  // "service_runtime_reset", in file order
  std::optional<std::vector<std::string>>
      correlation_fields;  // of the first code span that lists them
};

// Pure. Emphasis and line breaks do not count; case does.
//   Laws: "Never rerun by deleting append-only truth surfaces", "Rerun from failed phase boundary",
//   "Mandatory reset classes". The classes are the list that follows the last of them, each up to
//   the word "reset". Correlation fields: the first code span that is a comma-separated list with
//   platform_run_id in it.
Runbook parse_runbook(std::string_view markdown);

// {"path", "value": {laws: [{text, found}], reset_classes, correlation_fields}} or {"path",
// "error"}.
Json gather_runbook(World& world);

}  // namespace runpin
