// M3.C: the run's payload is whole and free of secrets, and its digest comes out the same twice,
// and the same as the one that M3.B committed to.
#include <fmt/format.h>

#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "runpin/gate/facts.h"
#include "runpin/gate/handles.h"
#include "runpin/gate/identity.h"
#include "runpin/lanes/lanes.h"
#include "runpin/lanes/oracle_manifest.h"

namespace runpin {
namespace {

constexpr std::string_view k_seed = "m3b_run_identity_seed.json";
constexpr std::string_view k_new_run =
    "runpin run: a change of identity or configuration needs a new run";

// Two independent passes: the payload as built, and the payload rendered, read back and built anew.
Json gather_digest(World& world, const HandleFacts& handles, const Json& manifest_fact) {
  const Fact manifest(manifest_fact);
  if (manifest.failed()) return object({{"error", manifest.error}});
  const auto payload = identity_payload(
      handles, {manifest.value["uri"].text(), Sha256(manifest.value["sha256"].text())});
  if (!payload) return fact_of(payload.error());
  const std::string first = canonical(payload->digest_input_payload);
  const auto reread = read_json(pretty(payload->digest_input_payload), "digest input payload");
  const std::string second = reread ? canonical(*reread) : "";
  return fact_of(object({{"config_digest_profile", payload->profile},
                         {"digest_input_payload", payload->digest_input_payload},
                         {"config_digest", world.digest(first).str()},
                         {"recompute_digest", world.digest(second).str()},
                         {"same_bytes", first == second},
                         {"canonical_bytes", first.size()}}));
}

Facts gather(const LaneContext&, const Upstream&, World& world) {
  Facts facts = Json::Object{};
  world.check("M3C-V2-HANDLE-CONTRACT");
  std::vector<std::string> keys = identity_handles();
  for (const std::string& key : manifest_handles()) keys.push_back(key);
  facts.set("handles", gather_handles(world, keys));
  const HandleFacts handles(facts["handles"]);
  world.check("M3C-V3-CANONICAL-PAYLOAD-WRITE");
  facts.set("manifest", gather_manifest(world, handles));
  world.check("M3C-V4-DIGEST-RECOMPUTE");
  facts.set("digest", gather_digest(world, handles, facts["manifest"]));
  return facts;
}

void judge_contract(const LaneContext& context, const HandleFacts& handles, const Facts& facts,
                    Blockers& blockers) {
  const auto expect = [&](std::string_view code, std::string_view key, const std::string& value) {
    if (!handles.resolved(key))
      blockers.raise(code, handles.explain(key));
    else if (handles.text(key) != value)
      blockers.raise(code, handles.explain_value(key, '"' + value + '"'));
  };
  expect("M3C-B2", "SCENARIO_EQUIVALENCE_KEY_CANONICALIZATION_MODE", "json_sorted_keys_v1");
  expect("M3C-B3", "CONFIG_DIGEST_ALGO", "sha256");
  expect("M3C-B3", "CONFIG_DIGEST_FIELD", context.names->pinned("config_digest"));
  if (!blockers.empty()) return;
  const Fact digest(facts["digest"]);
  if (digest.failed())
    blockers.raise(
        "M3C-B1",
        {"the run payload is incomplete", "every field of the payload",
         digest.error["message"].text(), digest.error["where"].text(),
         digest.fix_or(
             "put the manifest there, or correct inputs.oracle_manifest in runpin.toml")});
  else if (const auto flaw = manifest_flaw(facts["manifest"]["value"], handles))
    blockers.raise("M3C-B1", *flaw);
}

void judge_digest(const LaneContext& context, const Upstream& up, const Facts& facts,
                  Blockers& blockers) {
  const Json& seed = up.artifact("M3.B", k_seed);
  const auto own = [&](std::string_view artifact) {
    return place_of(context, context.execution_id, artifact);
  };

  const Json& digest = facts["digest"]["value"];
  if (digest.is_null()) return;
  if (!digest["same_bytes"].is_true())
    blockers.raise("M3C-B2", {"two canonicalization passes wrote different bytes",
                              "the same bytes twice", "different bytes",
                              own("m3c_run_config_payload.json"), std::string(k_defect_fix)});
  const std::string& computed = digest["config_digest"].text();
  if (digest["recompute_digest"].text() != computed)
    blockers.raise("M3C-B4",
                   {"the config digest differs when it is computed again", computed,
                    digest["recompute_digest"].text(), own("m3c_run_config_digest_snapshot.json"),
                    std::string(k_defect_fix)});
  if (seed["seed_inputs"]["config_digest"].text() != computed)
    blockers.raise("M3C-B4", {"the config digest is not the one that M3.B committed to",
                              seed["seed_inputs"]["config_digest"].text(), computed,
                              place_of(context, up.lane("M3.B").execution_id, k_seed),
                              std::string(k_new_run)});
  const Json& manifest = facts["manifest"]["value"];
  if (seed["seed_inputs"]["oracle_input_manifest_sha256"] != manifest["sha256"])
    blockers.raise("M3C-B4",
                   {"the oracle manifest changed since M3.B derived the identity",
                    seed["seed_inputs"]["oracle_input_manifest_sha256"].text(),
                    manifest["sha256"].text(), manifest["path"].text(), std::string(k_new_run)});
}

void judge_secrets(const Facts& facts, Blockers& blockers) {
  for (const Json& secret : facts["manifest"]["value"]["secrets"].items())
    blockers.raise("M3C-B5", {"the oracle manifest holds secret material",
                              "no secret in any input of the payload",
                              "rule " + secret["rule"].text(), secret["where"].text(),
                              "take the secret out of the manifest, rotate it, then runpin run"});
}

Json payload_body(const Facts& facts, const Json& seed) {
  const Json& digest = facts["digest"]["value"];
  const Json& manifest = facts["manifest"]["value"];
  const HandleFacts handles(facts["handles"]);
  const auto ids = handles.value("ORACLE_REQUIRED_OUTPUT_IDS").strings();
  return object(
      {{"platform_run_id", seed["platform_run_id"]},
       {"scenario_run_id", seed["scenario_run_id"]},
       {"oracle_input_manifest_uri", manifest["uri"]},
       {"oracle_input_manifest_sha256", manifest["sha256"]},
       {"oracle_required_output_ids", handles.value("ORACLE_REQUIRED_OUTPUT_IDS")},
       {"oracle_sort_key_by_output_id",
        ids ? active_sort_keys(handles.value("ORACLE_SORT_KEY_BY_OUTPUT_ID"), *ids) : Json()},
       {"config_digest", digest["config_digest"]},
       {"digest_input_payload", digest["digest_input_payload"]}});
}

Json snapshot(const Facts& facts, const Json& seed) {
  const Json& digest = facts["digest"]["value"];
  const HandleFacts handles(facts["handles"]);
  const bool known = !digest.is_null();
  return object(
      {{"platform_run_id", seed["platform_run_id"]},
       {"scenario_run_id", seed["scenario_run_id"]},
       {"canonicalization_mode", handles.value("SCENARIO_EQUIVALENCE_KEY_CANONICALIZATION_MODE")},
       {"digest_algo", handles.value("CONFIG_DIGEST_ALGO")},
       {"digest_field", handles.value("CONFIG_DIGEST_FIELD")},
       {"config_digest_profile", digest["config_digest_profile"]},
       {"config_digest", digest["config_digest"]},
       {"recompute_digest", digest["recompute_digest"]},
       {"digest_match", known && digest["config_digest"] == digest["recompute_digest"]},
       {"matches_m3b_seed_digest",
        known && digest["config_digest"] == seed["seed_inputs"]["config_digest"]}});
}

Judgement judge(const LaneContext& context, const Upstream& up, const Facts& facts) {
  const Json& seed = up.artifact("M3.B", k_seed);
  Blockers blockers(*context.lane);
  judge_contract(context, HandleFacts(facts["handles"]), facts, blockers);
  judge_digest(context, up, facts, blockers);
  judge_secrets(facts, blockers);
  Judgement judgement;
  judgement.platform_run_id = seed["platform_run_id"];
  judgement.bodies.emplace_back("m3c_run_config_payload.json", payload_body(facts, seed));
  judgement.bodies.emplace_back("m3c_run_config_digest_snapshot.json", snapshot(facts, seed));
  judgement.blockers = blockers.all();
  return judgement;
}

}  // namespace

const Lane& c_config_digest() {
  static const Lane k_lane{
      {.lane = "M3.C",
       .letter = 'c',
       .slug = "config-digest",
       .title = "Canonical payload and config digest",
       .reads = {"M3.A", "M3.B"},
       .artifacts =
           {{"m3c_run_config_payload.json",
             {"platform_run_id", "scenario_run_id", "phase_id", "oracle_input_manifest_uri",
              "oracle_input_manifest_sha256", "oracle_required_output_ids",
              "oracle_sort_key_by_output_id", "config_digest", "digest_input_payload"}},
            {"m3c_run_config_digest_snapshot.json",
             {"platform_run_id", "scenario_run_id", "phase_id", "canonicalization_mode",
              "digest_algo", "digest_field", "config_digest_profile", "config_digest",
              "recompute_digest", "digest_match", "matches_m3b_seed_digest", "overall_pass"}},
            {"m3c_digest_recompute_receipts.json", {"execution_id", "receipts"}}},
       .checks = {"M3C-V1-M3B-INPUTS", "M3C-V2-HANDLE-CONTRACT", "M3C-V3-CANONICAL-PAYLOAD-WRITE",
                  "M3C-V4-DIGEST-RECOMPUTE", "M3C-V5-DURABLE-PUBLISH"},
       .blockers =
           {{"M3C-B1", Severity::k_s2, "M3-B3", "a required payload field is missing"},
            {"M3C-B2", Severity::k_s1, "M3-B3",
             "the canonicalization mode is unknown or the two passes wrote different bytes"},
            {"M3C-B3", Severity::k_s2, "M3-B3",
             "the digest algorithm or field name is not the pinned one"},
            {"M3C-B4", Severity::k_s1, "M3-B3",
             "the recomputed digest differs, or differs from the digest in the M3.B seed"},
            {"M3C-B5", Severity::k_s1, "M3-B3", "secret material in the payload or an artifact"},
            {"M3C-B6", Severity::k_s2, "M3-B5",
             "a durable artifact could not be published or read back"},
            {"M3C-B7", Severity::k_s1, "M3-B9", "an M3.C artifact is missing or lacks a field"}},
       .codes = {.local_write = "M3C-B6",
                 .publish = "M3C-B6",
                 .read_back = "M3C-B6",
                 .incomplete = "M3C-B7",
                 .secret = "M3C-B5",
                 .missing_upstream = "M3C-B1"},
       .publish_check = "M3C-V5-DURABLE-PUBLISH",
       .receipts_artifact = "m3c_digest_recompute_receipts.json",
       .always_runs = false},
      gather,
      judge};
  return k_lane;
}

}  // namespace runpin
