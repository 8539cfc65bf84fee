#include "runpin/gate/identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "runpin/canon/digest.h"
#include "runpin/canon/json_writer.h"

namespace runpin {
namespace {

using ::testing::HasSubstr;

constexpr const char* k_seed = "m3b_seed_formula_v1";
constexpr const char* k_fields = "equivalence_fields_v1";
constexpr const char* k_named_fields = "SCENARIO_EQUIVALENCE_KEY_CANONICAL_FIELDS";

const OracleManifest k_manifest{"s3://oracle/input_manifest.json", Sha256(std::string(64, 'a'))};

// Handles of a registry whose digest was recorded when this formula was first used.
std::map<std::string, Json> sound_values() {
  return {{"CONFIG_DIGEST_ALGO", "sha256"},
          {"CONFIG_DIGEST_FIELD", "config_digest"},
          {"ORACLE_SOURCE_NAMESPACE", "local_full_run-5"},
          {"ORACLE_ENGINE_RUN_ID", "c25a2675fbfbacd952b13bb594880e92"},
          {"ORACLE_REQUIRED_OUTPUT_IDS",
           array({"s3_event_stream_with_fraud_6B", "arrival_events_5B", "s1_arrival_entities_6B",
                  "s3_flow_anchor_with_fraud_6B"})},
          {"ORACLE_SORT_KEY_BY_OUTPUT_ID", object({{"s3_event_stream_with_fraud_6B", "ts_utc"},
                                                   {"arrival_events_5B", "ts_utc"},
                                                   {"s1_arrival_entities_6B", "ts_utc"},
                                                   {"s3_flow_anchor_with_fraud_6B", "ts_utc"},
                                                   {"s4_event_labels_6B", "flow_id,event_seq"}})},
          {"SCENARIO_EQUIVALENCE_KEY_INPUT", "sha256(canonical_json_v1)"},
          {"SCENARIO_EQUIVALENCE_KEY_CANONICALIZATION_MODE", "json_sorted_keys_v1"},
          {"SCENARIO_RUN_ID_DERIVATION_MODE", "deterministic_hash_v1"},
          {k_named_fields,
           "oracle_input_manifest_uri,oracle_input_manifest_sha256,oracle_required_output_ids,"
           "oracle_sort_key_by_output_id,config_digest"}};
}

// As gather_handles() records them: what `values` does not hold is missing from the registry.
Json facts_of(const std::map<std::string, Json>& values) {
  Json handles = Json::Object{};
  int line = 1;
  for (const std::string& key : identity_handles()) {
    const auto value = values.find(key);
    const bool there = value != values.end();
    handles.set(key, object({{"state", there ? "resolved" : "missing"},
                             {"value", there ? value->second : Json()},
                             {"source", "registry_literal"},
                             {"where", "r.md:" + std::to_string(line++) + ":3"},
                             {"detail", there ? "" : "the registry does not name it"}}));
  }
  return handles;
}

Result<IdentityPayload> payload_of(const std::map<std::string, Json>& values) {
  const Json facts = facts_of(values);
  return identity_payload(HandleFacts(facts), k_manifest);
}

Identity identity_with(const std::map<std::string, Json>& values) {
  const auto payload = payload_of(values);
  EXPECT_TRUE(payload) << one_line(payload.error());
  return identity_of(*payload, sha256);
}

std::map<std::string, Json> with(std::map<std::string, Json> values, const std::string& key,
                                 Json value) {
  values[key] = std::move(value);
  return values;
}

TEST(Identity, GivesTheRecordedDigest) {
  EXPECT_EQ(identity_with(sound_values()).config_digest,
            "13f49c0d8e35264a1923844ae19f0e7bdba2b438763b46ae99db6aeeb0b8dc8b");
}

TEST(Identity, HashesExactlyTheFieldsOfTheProfile) {
  const auto seed = payload_of(sound_values());
  ASSERT_TRUE(seed);
  EXPECT_EQ(seed->profile, k_seed);
  EXPECT_EQ(canonical(seed->digest_input_payload["oracle_sort_key_by_output_id"]),
            R"({"arrival_events_5B":"ts_utc","s1_arrival_entities_6B":"ts_utc",)"
            R"("s3_event_stream_with_fraud_6B":"ts_utc","s3_flow_anchor_with_fraud_6B":"ts_utc"})");
  EXPECT_EQ(seed->digest_input_payload.members().size(), 6u);
  const auto fields = payload_of(with(sound_values(), "CONFIG_DIGEST_PROFILE", k_fields));
  ASSERT_TRUE(fields);
  EXPECT_EQ(fields->profile, k_fields);
  EXPECT_EQ(fields->digest_input_payload, fields->equivalence_fields);
  EXPECT_EQ(fields->digest_input_payload["oracle_input_manifest_uri"], Json(k_manifest.uri));
  EXPECT_EQ(fields->digest_input_payload.members().size(), 4u);
}

TEST(Identity, ScenarioIsTheHashOfTheNamedFieldsWithTheDigestAmongThem) {
  for (const char* profile : {k_seed, k_fields}) {
    const auto payload = payload_of(with(sound_values(), "CONFIG_DIGEST_PROFILE", profile));
    ASSERT_TRUE(payload);
    const Identity identity = identity_of(*payload, sha256);
    Json expected = payload->equivalence_fields;
    expected.set("config_digest", identity.config_digest);
    EXPECT_EQ(identity.scenario_payload, expected);
    EXPECT_EQ(identity.scenario_run_id,
              "scenario_" + sha256(canonical(expected)).str().substr(0, 32));
    EXPECT_EQ(identity.config_digest, sha256(canonical(payload->digest_input_payload)).str());
  }
}

TEST(Identity, DoesNotDependOnTheOrderInWhichFieldsAreNamed) {
  for (const char* profile : {k_seed, k_fields}) {
    const auto values = with(sound_values(), "CONFIG_DIGEST_PROFILE", profile);
    const Identity sound = identity_with(values);
    std::vector<std::string> names = split_list(values.at(k_named_fields).text());
    std::sort(names.begin(), names.end());
    int permutations = 0;
    do {
      const Identity other = identity_with(with(values, k_named_fields, join(names, " , ")));
      EXPECT_EQ(other.config_digest, sound.config_digest);
      EXPECT_EQ(other.scenario_run_id, sound.scenario_run_id);
      ++permutations;
    } while (std::next_permutation(names.begin(), names.end()));
    EXPECT_EQ(permutations, 120);
  }
}

TEST(Identity, DependsOnTheOrderOfTheRequiredOutputs) {
  const auto values = sound_values();
  Json reversed = Json::Array{};
  const auto& ids = values.at("ORACLE_REQUIRED_OUTPUT_IDS").items();
  for (auto id = ids.rbegin(); id != ids.rend(); ++id) reversed.push(*id);
  EXPECT_NE(identity_with(with(values, "ORACLE_REQUIRED_OUTPUT_IDS", reversed)).config_digest,
            identity_with(values).config_digest);
}

TEST(Identity, LeavesTheDigestOutWhereTheRegistryDoesNotNameIt) {
  const Identity identity =
      identity_with(with(sound_values(), k_named_fields, "oracle_input_manifest_sha256"));
  EXPECT_EQ(canonical(identity.scenario_payload),
            R"({"oracle_input_manifest_sha256":")" + std::string(64, 'a') + "\"}");
}

TEST(Identity, CallsTheDigestByTheNameThatTheRegistryPins) {
  auto values = with(sound_values(), "CONFIG_DIGEST_FIELD", "settings_hash");
  values = with(values, k_named_fields, "oracle_input_manifest_uri,settings_hash");
  const Identity identity = identity_with(values);
  EXPECT_EQ(identity.scenario_payload["settings_hash"], Json(identity.config_digest));
  EXPECT_EQ(identity.scenario_payload.members().size(), 2u);
}

TEST(Identity, NamesTheSourceOfEveryHashedField) {
  for (const char* profile : {k_seed, k_fields}) {
    const auto payload = payload_of(with(sound_values(), "CONFIG_DIGEST_PROFILE", profile));
    for (const Json* hashed : {&payload->digest_input_payload, &payload->equivalence_fields})
      for (const auto& [field, value] : hashed->members())
        EXPECT_FALSE(payload->sources[field].text().empty()) << field;
  }
}

struct Refusal {
  std::string name;
  std::string key;
  std::optional<Json> value;  // nothing: the registry does not name it
};

const std::vector<Refusal>& refusals() {
  static const std::vector<Refusal> k_refusals{
      {"NoKeyInput", "SCENARIO_EQUIVALENCE_KEY_INPUT", {}},
      {"UnknownKeyInput", "SCENARIO_EQUIVALENCE_KEY_INPUT", "md5(canonical_json_v1)"},
      {"NoCanonicalizationMode", "SCENARIO_EQUIVALENCE_KEY_CANONICALIZATION_MODE", {}},
      {"UnknownCanonicalizationMode", "SCENARIO_EQUIVALENCE_KEY_CANONICALIZATION_MODE", "rfc8785"},
      {"CanonicalizationModeInUpperCase", "SCENARIO_EQUIVALENCE_KEY_CANONICALIZATION_MODE",
       "JSON_SORTED_KEYS_V1"},
      {"NoDerivationMode", "SCENARIO_RUN_ID_DERIVATION_MODE", {}},
      {"UnknownDerivationMode", "SCENARIO_RUN_ID_DERIVATION_MODE", "deterministic_hash_v2"},
      {"DerivationModeThatIsNoText", "SCENARIO_RUN_ID_DERIVATION_MODE", 1},
      {"NoAlgorithm", "CONFIG_DIGEST_ALGO", {}},
      {"UnknownAlgorithm", "CONFIG_DIGEST_ALGO", "sha512"},
      {"NoDigestField", "CONFIG_DIGEST_FIELD", {}},
      {"DigestFieldThatIsNoText", "CONFIG_DIGEST_FIELD", true},
      {"NoNamespace", "ORACLE_SOURCE_NAMESPACE", {}},
      {"NamespaceThatIsNoText", "ORACLE_SOURCE_NAMESPACE", 5},
      {"EmptyNamespace", "ORACLE_SOURCE_NAMESPACE", ""},
      {"NoEngineRun", "ORACLE_ENGINE_RUN_ID", {}},
      {"EngineRunThatIsAList", "ORACLE_ENGINE_RUN_ID", array({"a"})},
      {"NoOutputs", "ORACLE_REQUIRED_OUTPUT_IDS", {}},
      {"OutputsThatAreNoList", "ORACLE_REQUIRED_OUTPUT_IDS", "arrival_events_5B"},
      {"OutputsThatAreEmpty", "ORACLE_REQUIRED_OUTPUT_IDS", Json(Json::Array{})},
      {"OutputNamedTwice", "ORACLE_REQUIRED_OUTPUT_IDS",
       array({"arrival_events_5B", "arrival_events_5B"})},
      {"OutputThatIsNoText", "ORACLE_REQUIRED_OUTPUT_IDS", array({"arrival_events_5B", 1})},
      {"NoSortKeys", "ORACLE_SORT_KEY_BY_OUTPUT_ID", {}},
      {"SortKeysThatAreNoMap", "ORACLE_SORT_KEY_BY_OUTPUT_ID", "ts_utc"},
      {"SortKeyMissingForAnOutput", "ORACLE_SORT_KEY_BY_OUTPUT_ID",
       object({{"arrival_events_5B", "ts_utc"}})},
      {"NoNamedFields", k_named_fields, {}},
      {"NamedFieldsThatAreAList", k_named_fields, array({"oracle_input_manifest_uri"})},
      {"UnknownNamedField", k_named_fields, "oracle_input_manifest_uri,phase_id"},
      {"NamedFieldTwice", k_named_fields, "oracle_input_manifest_uri,oracle_input_manifest_uri"},
      {"DigestNamedTwice", k_named_fields, "oracle_input_manifest_uri,config_digest,config_digest"},
      {"EmptyNamedField", k_named_fields, "oracle_input_manifest_uri,"},
      {"DigestThatIsNotCalledSo", k_named_fields, "oracle_input_manifest_uri,digest"},
      {"NothingButTheDigest", k_named_fields, "config_digest"},
      {"UnknownProfile", "CONFIG_DIGEST_PROFILE", "seed_formula_v2"},
      {"ProfileThatIsNoText", "CONFIG_DIGEST_PROFILE", 1}};
  return k_refusals;
}

class IdentityRefusals : public ::testing::TestWithParam<Refusal> {};

TEST_P(IdentityRefusals, NameTheHandleItsPlaceAndTheFix) {
  for (const char* profile : {k_seed, k_fields}) {
    auto values = with(sound_values(), "CONFIG_DIGEST_PROFILE", profile);
    values.erase(GetParam().key);
    if (GetParam().value) values[GetParam().key] = *GetParam().value;
    const auto refused = payload_of(values);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::k_config);
    EXPECT_THAT(refused.error().message, HasSubstr(GetParam().key));
    EXPECT_EQ(refused.error().where, facts_of(values)[GetParam().key]["where"].text());
    EXPECT_FALSE(refused.error().fix.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(Table, IdentityRefusals, ::testing::ValuesIn(refusals()),
                         [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace runpin
