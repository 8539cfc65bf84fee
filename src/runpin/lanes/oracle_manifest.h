// The oracle manifest as the lanes that hash it read it.
#pragma once

#include "runpin/gate/world.h"

namespace runpin {

// {"value": {uri, path, sha256, secrets: [{rule, where}]}}, or {"error": …} when it cannot be read
// or is no JSON. The digest covers the manifest's bytes as they are; its contents stay out.
Json gather_manifest(World& world);

}  // namespace runpin
