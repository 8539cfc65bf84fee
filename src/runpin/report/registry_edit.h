// The one edit that settles a finding, where there is one that needs no knowledge of the platform.
#pragma once

#include <optional>
#include <string>

#include "runpin/registry/registry.h"
#include "runpin/report/text_lines.h"

namespace runpin {

// Takes out the bytes from `begin` up to `end`, both on one line.
struct RegistryEdit {
  Position begin;
  Position end;
  std::string description;
};

// For a "double-pin" whose key and value stand on one line: " = VALUE" goes, and the key stays as a
// mention. Nothing for any other finding, nor where more than a mention would be left. REQUIRES: `registry` was parsed from the text of `lines`.
std::optional<RegistryEdit> edit_for(const Finding& finding, const Registry& registry,
                                     const TextLines& lines);

}  // namespace runpin
