// A registry's findings as a SARIF 2.1.0 log (OASIS, errata 01). Pure.
#pragma once

#include <string>
#include <string_view>

#include "runpin/registry/registry.h"

namespace runpin {

// `path` is where the registry lies, relative to wherever the log is read from; `version` is the
// program's. Columns count UTF-16 code units, as `columnKind` says. REQUIRES: `registry` was parsed
// from `text`.
Json registry_sarif(const Registry& registry, std::string_view text, const std::string& path,
                    const std::string& version);

}  // namespace runpin
