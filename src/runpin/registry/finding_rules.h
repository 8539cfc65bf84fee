// The rules behind a registry's findings, for readers who want to know what a rule means.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runpin/registry/registry.h"

namespace runpin {

// As SARIF and text both have it: "error", "warning", "note".
std::string_view name_of(FindingLevel level);

struct FindingRule {
  std::string id;  // Finding::rule
  FindingLevel level = FindingLevel::k_error;
  std::string summary;  // one sentence
  std::string help;     // why it matters and what to do
};

// Every rule that a finding can name, by id.
const std::vector<FindingRule>& finding_rules();

}  // namespace runpin
