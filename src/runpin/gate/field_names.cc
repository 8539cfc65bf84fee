#include "runpin/gate/field_names.h"

#include <fmt/format.h>

#include <set>

#include "runpin/gate/secret_scan.h"

namespace runpin {
namespace {

struct PinnedField {
  const char* standard;
  const char* handle;
};
constexpr PinnedField k_pinned_fields[] = {{"platform_run_id", "FIELD_PLATFORM_RUN_ID"},
                                           {"scenario_run_id", "FIELD_SCENARIO_RUN_ID"},
                                           {"phase_id", "FIELD_PHASE_ID"},
                                           {"config_digest", "FIELD_CONFIG_DIGEST"},
                                           {"written_at_utc", "FIELD_WRITTEN_AT_UTC"}};

// Every other top-level field of any artifact, run object or receipt: a pinned name must not be one
// of them.
constexpr std::string_view k_other_fields[] = {"actor",
                                               "adjudicates",
                                               "alert_1",
                                               "alert_2",
                                               "alert_3",
                                               "alert_level",
                                               "answers_blockers",
                                               "answers_execution_id",
                                               "answers_hold_class",
                                               "approves",
                                               "artifacts",
                                               "artifacts_emitted",
                                               "as_of_utc",
                                               "binding_pass",
                                               "blocker_count",
                                               "blockers",
                                               "budget_currency",
                                               "candidate_platform_run_id",
                                               "canonicalization_mode",
                                               "capability_lanes",
                                               "claim_holder",
                                               "claim_key",
                                               "claimed_at_utc",
                                               "class",
                                               "collision_attempts",
                                               "collision_detected",
                                               "config_digest_profile",
                                               "configured_role_arn",
                                               "conflicting_execution_count",
                                               "conflicting_executions",
                                               "continues",
                                               "correlation_required_fields",
                                               "decision_completeness",
                                               "decision_or_risk_retired",
                                               "delete_markers",
                                               "digest_algo",
                                               "digest_field",
                                               "digest_input_payload",
                                               "digest_match",
                                               "durable_references",
                                               "ended_at_utc",
                                               "execution_id",
                                               "expected_role_arn",
                                               "facts",
                                               "fallback_approval_rule",
                                               "field_names",
                                               "field_sources",
                                               "final_platform_run_id",
                                               "first_lane",
                                               "format_check_pass",
                                               "green_lane_count",
                                               "hold_class",
                                               "identity_drift_detected",
                                               "identity_drift_policy",
                                               "lane",
                                               "lanes",
                                               "last_lane",
                                               "local_sha256",
                                               "lock_identity_key",
                                               "m3f_handoff_ref",
                                               "m3i_verdict_ref",
                                               "m4_entry_ready",
                                               "matches_m3b_seed_digest",
                                               "month",
                                               "month_to_date_spend",
                                               "monthly_limit",
                                               "next_gate",
                                               "nonce",
                                               "objects_scanned",
                                               "observed_lane_count",
                                               "observed_resets",
                                               "oracle_input_manifest_sha256",
                                               "oracle_input_manifest_uri",
                                               "oracle_required_output_ids",
                                               "oracle_sort_key_by_output_id",
                                               "orchestrator",
                                               "overall_pass",
                                               "owner",
                                               "permitted_reset_classes",
                                               "phase_execution_id",
                                               "placeholder_handles",
                                               "prohibited_actions",
                                               "publish_check",
                                               "readback_sha256",
                                               "reason",
                                               "receipt_id",
                                               "receipts",
                                               "recompute_digest",
                                               "recorded_at_utc",
                                               "registry_env_key",
                                               "required_handles",
                                               "required_lane_count",
                                               "required_platform_run_id_env_key",
                                               "required_platform_run_id_env_value",
                                               "reservation_sha256",
                                               "reserved_at_utc",
                                               "resolved",
                                               "resolved_handles",
                                               "resolved_run_header_key",
                                               "resolved_run_json_key",
                                               "resolved_state_machine_arn",
                                               "resolved_state_machine_name",
                                               "rewritten_keys",
                                               "role_alignment_pass",
                                               "run_json_key",
                                               "run_json_sha256",
                                               "running_execution_count",
                                               "s3_etag",
                                               "scenario_derivation_mode",
                                               "scenario_derivation_recompute_pass",
                                               "scenario_equivalence_payload",
                                               "schema",
                                               "scope",
                                               "seed_inputs",
                                               "size",
                                               "source_class_by_handle",
                                               "source_execution_ids",
                                               "source_summaries",
                                               "sources",
                                               "spend_amount",
                                               "spend_currency",
                                               "starts_at",
                                               "sr_ready_commit_authority",
                                               "started_at_utc",
                                               "supersedes",
                                               "unresolved",
                                               "unresolved_blockers",
                                               "unresolved_count",
                                               "unresolved_handles",
                                               "verdict",
                                               "verification_results",
                                               "window_end_utc",
                                               "window_start_utc",
                                               "write_once_guard_pass"};

bool is_identifier(const std::string& name) {
  if (name.empty() || name.size() > 64 || (name[0] >= '0' && name[0] <= '9')) return false;
  return name.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
         std::string::npos;
}

Json renamed(const Json& body, const std::map<std::string, std::string>& names) {
  if (!body.is_object()) return body;
  Json result = Json::Object{};
  for (const auto& [key, value] : body.members()) {
    const auto name = names.find(key);
    result.set(name == names.end() ? key : name->second, value);
  }
  return result;
}

}  // namespace

FieldNames::FieldNames() {
  for (const PinnedField& field : k_pinned_fields)
    pinned_by_standard_[field.standard] = field.standard;
}

Result<FieldNames> FieldNames::from(const Registry& registry) {
  FieldNames names;
  std::set<std::string> taken(std::begin(k_other_fields), std::end(k_other_fields));
  for (const PinnedField& field : k_pinned_fields) taken.insert(field.standard);
  for (const PinnedField& field : k_pinned_fields) {
    const Handle handle = registry.get(field.handle);
    std::string name = field.standard;
    if (handle.state == HandleState::k_resolved) name = handle.value->text();
    const std::string place =
        handle.position() ? where(registry.path(), *handle.position()) : registry.path();
    if (!is_identifier(name) || !scan_secrets(name).empty())
      return fail(ErrorKind::k_config,
                  fmt::format("{} is not the name of a JSON field", field.handle), place,
                  fmt::format("pin it to letters, digits and '_', such as \"{}\"", field.standard));
    if (name != field.standard && !taken.insert(name).second)
      return fail(
          ErrorKind::k_config,
          fmt::format("{} pins the field name '{}', which another field of the artifacts has",
                      field.handle, name),
          place, "pin a name of its own");
    names.pinned_by_standard_[field.standard] = name;
  }
  return names;
}

FieldNames FieldNames::from_recorded(const Json& recorded) {
  FieldNames names;
  for (const PinnedField& field : k_pinned_fields)
    if (is_identifier(recorded[field.standard].text()))
      names.pinned_by_standard_[field.standard] = recorded[field.standard].text();
  return names;
}

Json FieldNames::recorded() const {
  Json recorded = Json::Object{};
  for (const auto& [standard, pinned] : pinned_by_standard_) recorded.set(standard, pinned);
  return recorded;
}

Json FieldNames::to_pinned(const Json& body) const {
  return renamed(body, pinned_by_standard_);
}

Json FieldNames::to_standard(const Json& body) const {
  std::map<std::string, std::string> standard_by_pinned;
  for (const auto& [standard, pinned] : pinned_by_standard_) standard_by_pinned[pinned] = standard;
  return renamed(body, standard_by_pinned);
}

const std::string& FieldNames::pinned(const std::string& standard) const {
  return pinned_by_standard_.at(standard);
}

}  // namespace runpin
