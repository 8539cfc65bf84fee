// What stands under the run's own root: the claim as M3.B writes it, run.json and the run header as
// M3.E does, under standard names. Functions of the evidence before them and of one instant.
#pragma once

#include "runpin/gate/lane.h"

namespace runpin {

// `context` of the M3.B that claims `id`. Tied to its reservation by nonce and SHA-256.
Json claim_body(const LaneContext& context, const std::string& id, const Json& owner);

// `up` as M3.E has it.
Json run_json(const Upstream& up, const Instant& written_at);
Json run_header(const Json& run, const std::string& run_json_key,
                const std::string& run_json_sha256);

}  // namespace runpin
