// Shared by the tests of the registry.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "runpin/canon/json_writer.h"
#include "runpin/registry/registry.h"

namespace runpin {

inline Registry parsed(std::string_view text) {
  auto registry = Registry::parse(text, "r.md");
  EXPECT_TRUE(registry) << (registry ? "" : one_line(registry.error()));
  return registry.value_or(Registry{});
}

// "to-pin KEY r.md:1:9", for each finding.
inline std::vector<std::string> told(const Registry& registry) {
  std::vector<std::string> lines;
  for (const Finding& finding : registry.findings()) {
    lines.push_back(finding.rule + " " + finding.key + " " + where("r.md", finding.position));
  }
  return lines;
}

// The canonical value, or the state in angle brackets.
inline std::string value_of(const Registry& registry, std::string_view key) {
  const Handle handle = registry.get(key);
  return handle.value ? canonical(*handle.value) : "<" + std::string(name_of(handle.state)) + ">";
}

}  // namespace runpin
