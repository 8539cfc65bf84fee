// The tables and keys of runpin.toml (product.md, "Workspace").
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runpin/workspace/flaw_list.h"

namespace runpin {

// Finds unknown tables and keys, tables that are none, and required keys that are missing.
void check_names(const TomlDocument& document, FlawList& flaws);

// Every key as {table, key}, those of inline tables as {"inputs", "oracle_manifest.uri"}; a table
// whose keys are names of the user's own as {table, ""}.
std::vector<std::pair<std::string_view, std::string>> known_keys();

// How a value for the key may look: "\"handles.registry.md\"".
std::string_view example_of(std::string_view table, std::string_view key);

// Names from the file may hold anything; here each control character is a '?'.
std::string printable(std::string_view name);

}  // namespace runpin
