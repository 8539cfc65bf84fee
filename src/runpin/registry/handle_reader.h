// From markdown blocks to pins: which places of the file name which handle, and which lines only
// look as if they did.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "runpin/registry/registry.h"

namespace runpin {

struct HandlePlaces {
  std::vector<Pin> pins;  // in file order; a malformed line with a readable key is one too,
                          // without literal or alias
  std::set<std::string, std::less<>> malformed;  // keys that a malformed line names
  std::vector<Finding> findings;  // "malformed", "misplaced" and "not-read", in file order
};

// REQUIRES: `text` is UTF-8 of at most k_max_markdown_bytes.
HandlePlaces read_handles(std::string_view text);

}  // namespace runpin
