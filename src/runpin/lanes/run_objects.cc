#include "runpin/lanes/run_objects.h"

#include "runpin/gate/contract.h"

namespace runpin {

Json claim_body(const LaneContext& context, const std::string& id, const Json& owner) {
  return object({{"platform_run_id", id},
                 {"execution_id", context.execution_id.str()},
                 {"claimed_at_utc", context.now.rfc3339()},
                 {"nonce", context.reservation.nonce},
                 {"reservation_sha256", reservation_sha256(context.reservation).str()},
                 {"owner", owner}});
}

// Identity and digest are taken from M3.B and M3.C as they stand; nothing is computed again here.
Json run_json(const Upstream& up, const Instant& written_at) {
  const Json& seed = up.artifact("M3.B", "m3b_run_identity_seed.json");
  const Json& digest = up.artifact("M3.C", "m3c_run_config_digest_snapshot.json");
  const Json& payload = up.artifact("M3.C", "m3c_run_config_payload.json");
  const Json& entry = up.artifact("M3.D", "m3d_orchestrator_entry_readiness_snapshot.json");
  Json sources = Json::Object{};
  for (const char* lane : {"M3.B", "M3.C", "M3.D"})
    sources.set(lane, up.lane(lane).execution_id.str());
  return object(
      {{"platform_run_id", seed["platform_run_id"]},
       {"scenario_run_id", seed["scenario_run_id"]},
       {"config_digest", digest["config_digest"]},
       {"phase_id", k_phase_id},
       {"written_at_utc", written_at.rfc3339()},
       {"config_digest_profile", digest["config_digest_profile"]},
       {"digest_input_payload", payload["digest_input_payload"]},
       {"scenario_equivalence_payload", seed["scenario_equivalence_payload"]},
       {"orchestrator", object({{"state_machine_name", entry["resolved_state_machine_name"]},
                                {"state_machine_arn", entry["resolved_state_machine_arn"]},
                                {"role_arn", entry["configured_role_arn"]},
                                {"ready_commit_authority", entry["sr_ready_commit_authority"]}})},
       {"source_execution_ids", sources}});
}

Json run_header(const Json& run, const std::string& run_json_key,
                const std::string& run_json_sha256) {
  return object({{"platform_run_id", run["platform_run_id"]},
                 {"scenario_run_id", run["scenario_run_id"]},
                 {"config_digest", run["config_digest"]},
                 {"phase_id", run["phase_id"]},
                 {"written_at_utc", run["written_at_utc"]},
                 {"run_json_key", run_json_key},
                 {"run_json_sha256", run_json_sha256}});
}

}  // namespace runpin
