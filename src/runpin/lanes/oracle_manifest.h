// The oracle manifest as the lanes that hash it read it: it must be the one of the input that the
// registry pins, in everything that it says of it.
#pragma once

#include <optional>

#include "runpin/gate/handles.h"
#include "runpin/gate/world.h"

namespace runpin {

inline constexpr std::size_t k_max_manifest_bytes = std::size_t{16} << 20;

// The handles that a manifest is held against.
std::vector<std::string> manifest_handles();

// Pure. What of `manifest` manifest_flaw() asks for: {type, members, named_outputs, claims,
// sort_keys}. `named_outputs` are those of ORACLE_REQUIRED_OUTPUT_IDS that it names: where it has
// `outputs`, within that, by their output_id where each of the entries has one; anywhere else as a
// key, or as a word of a text. `claims` are the fields that name the input, texts as shown_text()
// has them.
Json manifest_says(const Json& manifest, const HandleFacts& handles);

// {"value": {uri, where, path, sha256, secrets: [{rule, where}], says}}, or {"error": …} when it
// cannot be read, is larger than k_max_manifest_bytes or is no JSON. The digest covers the
// manifest's bytes as they are. `handles` are of manifest_handles().
Json gather_manifest(World& world, const HandleFacts& handles);

// Pure, over that value. Why the manifest cannot be the one of the run's input: no object or an
// empty one, a required output that it does not name, another engine run, namespace, sort key or
// URI than is pinned. Handles that are not resolved hold nothing against it.
std::optional<Explanation> manifest_flaw(const Json& manifest, const HandleFacts& handles);

}  // namespace runpin
