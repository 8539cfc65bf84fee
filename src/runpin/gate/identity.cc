#include "runpin/gate/identity.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "runpin/canon/json_writer.h"

namespace runpin {
namespace {

constexpr std::size_t k_scenario_hex_digits = 32;

tl::unexpected<Error> refuse(const HandleFacts& handles, std::string_view key, std::string message,
                             std::string fix) {
  return fail(ErrorKind::k_config, std::move(message), handles.where(key), std::move(fix));
}

Result<void> expect_value(const HandleFacts& handles, std::string_view key,
                          std::string_view expected) {
  if (!handles.resolved(key)) {
    const Explanation says = handles.explain(key);
    return refuse(handles, key, says.message + ": " + says.found, says.fix);
  }
  if (handles.text(key) != expected)
    return refuse(handles, key,
                  fmt::format("{} is {}, and only \"{}\" is known", key,
                              canonical(handles.value(key)), expected),
                  fmt::format("pin it to \"{}\"", expected));
  return {};
}

Result<std::string> required_text(const HandleFacts& handles, std::string_view key) {
  if (!handles.resolved(key)) {
    const Explanation says = handles.explain(key);
    return refuse(handles, key, says.message + ": " + says.found, says.fix);
  }
  if (!handles.value(key).if_string() || handles.text(key).empty())
    return refuse(handles, key, fmt::format("{} is no string", key), "pin it to a string");
  return handles.text(key);
}

Result<std::vector<std::string>> required_outputs(const HandleFacts& handles) {
  constexpr std::string_view k_key = "ORACLE_REQUIRED_OUTPUT_IDS";
  const auto ids = handles.value(k_key).strings();
  if (!ids || ids->empty() || std::set<std::string>(ids->begin(), ids->end()).size() != ids->size())
    return refuse(handles, k_key, fmt::format("{} is no list of distinct output ids", k_key),
                  "pin it to a JSON list such as [\"output_a\",\"output_b\"]");
  return *ids;
}

Result<Json> required_sort_keys(const HandleFacts& handles, const std::vector<std::string>& ids) {
  constexpr std::string_view k_key = "ORACLE_SORT_KEY_BY_OUTPUT_ID";
  for (const std::string& id : ids)
    if (handles.value(k_key)[id].text().empty())
      return refuse(handles, k_key,
                    fmt::format("{} has no sort key for required output '{}'", k_key, id),
                    fmt::format("add \"{}\": \"…\" to the map", id));
  return active_sort_keys(handles.value(k_key), ids);
}

Result<std::string> profile_of(const HandleFacts& handles) {
  if (handles.state(k_profile_handle) == "missing") return std::string(k_default_profile);
  const std::string& profile = handles.text(k_profile_handle);
  if (profile != k_default_profile && profile != "equivalence_fields_v1")
    return refuse(
        handles, k_profile_handle, fmt::format("{} names no known profile", k_profile_handle),
        "pin it to \"m3b_seed_formula_v1\" or \"equivalence_fields_v1\", or leave it out");
  return profile;
}

// The modes that runpin implements; any other is refused, never approximated.
Result<void> check_modes(const HandleFacts& handles) {
  constexpr std::pair<std::string_view, std::string_view> k_modes[] = {
      {"SCENARIO_EQUIVALENCE_KEY_INPUT", "sha256(canonical_json_v1)"},
      {"SCENARIO_EQUIVALENCE_KEY_CANONICALIZATION_MODE", "json_sorted_keys_v1"},
      {"SCENARIO_RUN_ID_DERIVATION_MODE", "deterministic_hash_v1"},
      {"CONFIG_DIGEST_ALGO", "sha256"}};
  for (const auto& [key, expected] : k_modes)
    if (const auto known = expect_value(handles, key, expected); !known) return known;
  return {};
}

struct Field {
  Json value;
  std::string source;
};

// Sorts the fields that SCENARIO_EQUIVALENCE_KEY_CANONICAL_FIELDS names out of all those known.
Result<void> choose_fields(const HandleFacts& handles, const std::map<std::string, Field>& known,
                           IdentityPayload& payload) {
  constexpr std::string_view k_key = "SCENARIO_EQUIVALENCE_KEY_CANONICAL_FIELDS";
  const auto names = required_text(handles, k_key);
  if (!names) return tl::unexpected(names.error());
  payload.equivalence_fields = Json::Object{};
  std::set<std::string> seen;
  for (const std::string& name : split_list(*names)) {
    const auto field = known.find(name);
    const bool is_digest = name == payload.digest_field;
    if (!is_digest && field == known.end())
      return refuse(
          handles, k_key, fmt::format("{} names '{}', which is no known field", k_key, name),
          "name only " + join({"oracle_input_manifest_uri", "oracle_input_manifest_sha256",
                               "oracle_required_output_ids", "oracle_sort_key_by_output_id",
                               payload.digest_field},
                              ","));
    if (!seen.insert(name).second)
      return refuse(handles, k_key, fmt::format("{} names '{}' twice", k_key, name),
                    "name each field once");
    if (is_digest) {
      payload.digest_in_equivalence = true;
      continue;
    }
    payload.equivalence_fields.set(name, field->second.value);
    payload.sources.set(name, field->second.source);
  }
  if (payload.equivalence_fields.members().empty())
    return refuse(handles, k_key, fmt::format("{} names no field but the digest itself", k_key),
                  "name the oracle fields that make two runs equivalent");
  return {};
}

}  // namespace

const std::vector<std::string>& identity_handles() {
  static const std::vector<std::string> k_handles{"CONFIG_DIGEST_ALGO",
                                                  "CONFIG_DIGEST_FIELD",
                                                  std::string(k_profile_handle),
                                                  "ORACLE_ENGINE_RUN_ID",
                                                  "ORACLE_REQUIRED_OUTPUT_IDS",
                                                  "ORACLE_SORT_KEY_BY_OUTPUT_ID",
                                                  "ORACLE_SOURCE_NAMESPACE",
                                                  "SCENARIO_EQUIVALENCE_KEY_CANONICALIZATION_MODE",
                                                  "SCENARIO_EQUIVALENCE_KEY_CANONICAL_FIELDS",
                                                  "SCENARIO_EQUIVALENCE_KEY_INPUT",
                                                  "SCENARIO_RUN_ID_DERIVATION_MODE"};
  return k_handles;
}

Json active_sort_keys(const Json& sort_key_by_output_id,
                      const std::vector<std::string>& required_output_ids) {
  Json active = Json::Object{};
  for (const std::string& id : required_output_ids) active.set(id, sort_key_by_output_id[id]);
  return active;
}

Result<IdentityPayload> identity_payload(const HandleFacts& handles,
                                         const OracleManifest& manifest) {
  if (const auto modes = check_modes(handles); !modes) return tl::unexpected(modes.error());
  const auto space = required_text(handles, "ORACLE_SOURCE_NAMESPACE");
  if (!space) return tl::unexpected(space.error());
  const auto engine_run = required_text(handles, "ORACLE_ENGINE_RUN_ID");
  if (!engine_run) return tl::unexpected(engine_run.error());
  const auto ids = required_outputs(handles);
  if (!ids) return tl::unexpected(ids.error());
  const auto sort_keys = required_sort_keys(handles, *ids);
  if (!sort_keys) return tl::unexpected(sort_keys.error());
  const auto profile = profile_of(handles);
  if (!profile) return tl::unexpected(profile.error());
  const auto digest_field = required_text(handles, "CONFIG_DIGEST_FIELD");
  if (!digest_field) return tl::unexpected(digest_field.error());

  IdentityPayload payload;
  payload.profile = *profile;
  payload.digest_field = *digest_field;
  payload.sources = Json::Object{};
  const std::map<std::string, Field> known{
      {"oracle_input_manifest_uri", {manifest.uri, "inputs.oracle_manifest.uri"}},
      {"oracle_input_manifest_sha256", {manifest.sha256.str(), "inputs.oracle_manifest"}},
      {"oracle_required_output_ids", {Json(*ids), "ORACLE_REQUIRED_OUTPUT_IDS"}},
      {"oracle_sort_key_by_output_id", {*sort_keys, "ORACLE_SORT_KEY_BY_OUTPUT_ID"}}};
  if (const auto chosen = choose_fields(handles, known, payload); !chosen)
    return tl::unexpected(chosen.error());

  if (payload.profile != k_default_profile) {
    payload.digest_input_payload = payload.equivalence_fields;
    return payload;
  }
  payload.digest_input_payload =
      object({{"algo", handles.value("CONFIG_DIGEST_ALGO")},
              {"oracle_source_namespace", *space},
              {"oracle_engine_run_id", *engine_run},
              {"oracle_required_output_ids", Json(*ids)},
              {"oracle_sort_key_by_output_id", *sort_keys},
              {"scenario_mode", handles.value("SCENARIO_RUN_ID_DERIVATION_MODE")}});
  payload.sources.set("algo", "CONFIG_DIGEST_ALGO");
  payload.sources.set("oracle_source_namespace", "ORACLE_SOURCE_NAMESPACE");
  payload.sources.set("oracle_engine_run_id", "ORACLE_ENGINE_RUN_ID");
  payload.sources.set("oracle_required_output_ids", "ORACLE_REQUIRED_OUTPUT_IDS");
  payload.sources.set("oracle_sort_key_by_output_id", "ORACLE_SORT_KEY_BY_OUTPUT_ID");
  payload.sources.set("scenario_mode", "SCENARIO_RUN_ID_DERIVATION_MODE");
  return payload;
}

Identity identity_of(const IdentityPayload& payload,
                     const std::function<Sha256(ByteView)>& digest) {
  Identity identity;
  identity.config_digest = digest(canonical(payload.digest_input_payload)).str();
  identity.scenario_payload = payload.equivalence_fields;
  if (payload.digest_in_equivalence)
    identity.scenario_payload.set(payload.digest_field, identity.config_digest);
  identity.scenario_run_id =
      "scenario_" +
      digest(canonical(identity.scenario_payload)).str().substr(0, k_scenario_hex_digits);
  return identity;
}

}  // namespace runpin
