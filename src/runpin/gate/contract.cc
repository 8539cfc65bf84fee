#include "runpin/gate/contract.h"

#include <re2/re2.h>

namespace runpin {

const BlockerContract* LaneContract::blocker(std::string_view code) const {
  for (const BlockerContract& candidate : blockers)
    if (candidate.code == code) return &candidate;
  return nullptr;
}

const std::vector<std::string>& summary_fields() {
  static const std::vector<std::string> k_fields{
      "phase_id", "lane",      "execution_id",   "platform_run_id", "overall_pass", "blocker_count",
      "blockers", "next_gate", "started_at_utc", "ended_at_utc",    "artifacts",    "sources"};
  return k_fields;
}

const std::vector<std::string>& required_handles() {
  static const std::vector<std::string> k_handles{"FIELD_PLATFORM_RUN_ID",
                                                  "FIELD_SCENARIO_RUN_ID",
                                                  "FIELD_CONFIG_DIGEST",
                                                  "CONFIG_DIGEST_ALGO",
                                                  "CONFIG_DIGEST_FIELD",
                                                  "SCENARIO_EQUIVALENCE_KEY_INPUT",
                                                  "SCENARIO_EQUIVALENCE_KEY_CANONICAL_FIELDS",
                                                  "SCENARIO_EQUIVALENCE_KEY_CANONICALIZATION_MODE",
                                                  "SCENARIO_RUN_ID_DERIVATION_MODE",
                                                  "S3_EVIDENCE_BUCKET",
                                                  "S3_EVIDENCE_RUN_ROOT_PATTERN",
                                                  "RUN_PIN_PATH_PATTERN",
                                                  "EVIDENCE_RUN_JSON_KEY",
                                                  "SFN_PLATFORM_RUN_ORCHESTRATOR_V0",
                                                  "SR_READY_COMMIT_AUTHORITY",
                                                  "REQUIRED_PLATFORM_RUN_ID_ENV_KEY",
                                                  "ROLE_TERRAFORM_APPLY_DEV_FULL"};
  return k_handles;
}

const std::vector<std::string>& correlation_required_fields() {
  static const std::vector<std::string> k_fields{"platform_run_id", "scenario_run_id", "phase_id",
                                                 "event_id",        "runtime_lane",    "trace_id"};
  return k_fields;
}

const std::vector<std::string>& permitted_reset_classes() {
  static const std::vector<std::string> k_classes{"service_runtime_reset", "checkpoint_reset",
                                                  "data_replay_reset"};
  return k_classes;
}

bool is_platform_run_id(std::string_view text) {
  static const re2::RE2 k_shape("platform_[0-9]{8}T[0-9]{6}Z(_[0-9]{2})?");
  return re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), k_shape);
}

}  // namespace runpin
