// The run's identity: which bytes are hashed into config_digest and scenario_run_id. One function
// computes each; M3.B, M3.C, `explain` and `verify` all call it (product.md, decisions 2 and 3).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "runpin/base/bytes.h"
#include "runpin/base/result.h"
#include "runpin/base/strong.h"
#include "runpin/canon/json.h"
#include "runpin/gate/handles.h"

namespace runpin {

// The handles that identity is derived from, CONFIG_DIGEST_PROFILE being the only optional one.
const std::vector<std::string>& identity_handles();
inline constexpr std::string_view k_profile_handle = "CONFIG_DIGEST_PROFILE";
inline constexpr std::string_view k_default_profile = "m3b_seed_formula_v1";

struct OracleManifest {
  std::string uri;
  Sha256 sha256;  // of the manifest's bytes as they are
};

// Everything the two digests cover, and from which handle or input each field came.
struct IdentityPayload {
  std::string profile;        // "m3b_seed_formula_v1" or "equivalence_fields_v1"
  Json digest_input_payload;  // config_digest = SHA-256 over its canonical bytes
  Json equivalence_fields;    // the scenario's fields but for config_digest
  std::string digest_field;   // what the equivalence fields call config_digest
  bool digest_in_equivalence = false;
  Json sources;  // field -> handle or input
};

// k_config, `where` naming the handle's place, for a handle that is missing, of the wrong kind, or
// of an unknown mode, profile, algorithm or field.
Result<IdentityPayload> identity_payload(const HandleFacts& handles,
                                         const OracleManifest& manifest);

struct Identity {
  std::string config_digest;  // 64 hex digits
  Json scenario_payload;      // the equivalence fields, config_digest among them where the registry
                              // names it
  std::string scenario_run_id;  // "scenario_" + 32 hex digits
};

// Hashes by `digest`, so that a caller can compute it twice by different means.
Identity identity_of(const IdentityPayload& payload, const std::function<Sha256(ByteView)>& digest);

// Only the entries of the required outputs: ORACLE_SORT_KEY_BY_OUTPUT_ID in the run's active scope.
Json active_sort_keys(const Json& sort_key_by_output_id,
                      const std::vector<std::string>& required_output_ids);

}  // namespace runpin
