// M3.B: the run gets an id of its own, claimed atomically, and a scenario id that anyone can derive
// again.
#include <fmt/format.h>

#include "runpin/canon/digest.h"
#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "runpin/gate/facts.h"
#include "runpin/gate/handles.h"
#include "runpin/gate/identity.h"
#include "runpin/gate/layout.h"
#include "runpin/lanes/lanes.h"
#include "runpin/lanes/oracle_manifest.h"
#include "runpin/lanes/run_objects.h"

namespace runpin {
namespace {

constexpr std::string_view k_root = "S3_EVIDENCE_RUN_ROOT_PATTERN";
constexpr std::string_view k_owner = "ROLE_TERRAFORM_APPLY_DEV_FULL";

std::string candidate_id(const Instant& now, int suffix) {
  const std::string id = "platform_" + now.stamp();
  return suffix == 0 ? id : fmt::format("{}_{:02}", id, suffix);
}

// Both passes over the same payload: straight, and from the payload rendered and read back.
Json gather_identity(World& world, const HandleFacts& handles, const Json& manifest_fact) {
  const Fact manifest(manifest_fact);
  if (manifest.failed()) return object({{"error", manifest.error}});
  const auto payload = identity_payload(
      handles, {manifest.value["uri"].text(), Sha256(manifest.value["sha256"].text())});
  if (!payload) return fact_of(payload.error());
  const auto digest = [&](ByteView bytes) { return world.digest(bytes); };
  const Identity first = identity_of(*payload, digest);
  const Json again =
      read_json(canonical(first.scenario_payload), "scenario payload").value_or(Json());
  return fact_of(object({{"config_digest_profile", payload->profile},
                         {"digest_field", payload->digest_field},
                         {"digest_input_payload", payload->digest_input_payload},
                         {"sources", payload->sources},
                         {"config_digest", first.config_digest},
                         {"scenario_equivalence_payload", first.scenario_payload},
                         {"scenario_run_id", first.scenario_run_id},
                         {"recomputed_scenario_run_id",
                          "scenario_" + world.digest(canonical(again)).str().substr(0, 32)}}));
}

struct Probe {
  std::string outcome;  // "claimed", "collision", "lost_race", "failed", "malformed"
  Json error;
};

// Probes the prefix, as the collision law says, then claims it: the claim is created only if
// absent, so that of two runs that both found the prefix empty one counts as a collision.
Probe probe_and_claim(World& world, const LaneContext& context, const std::string& root,
                      const std::string& id, const Json& owner) {
  world.check("M3B-V2-COLLISION-PROBE");
  if (!is_platform_run_id(id)) return {"malformed", {}};
  const std::string prefix = replace_all(root, "{platform_run_id}", id);
  const auto taken = world.store_meanwhile().list(prefix, 1);
  if (!taken) return {"failed", fact_of(taken.error())["error"]};
  if (!taken->empty()) return {"collision", {}};
  const Json claim = claim_body(context, id, owner);
  const auto put =
      world.store().create({ObjectKey(prefix + std::string(k_claim_name)), pretty(claim)});
  if (put) return {"claimed", {}};
  if (put.error().kind == ErrorKind::k_conflict) return {"lost_race", {}};
  return {"failed", fact_of(put.error())["error"]};
}

Json gather_probes(World& world, const LaneContext& context, const HandleFacts& handles) {
  Json probes = Json::Array{};
  for (int suffix = 0; suffix <= k_max_collision_suffix; ++suffix) {
    const std::string id = candidate_id(context.now, suffix);
    const Probe probe =
        probe_and_claim(world, context, handles.text(k_root), id, handles.value(k_owner));
    probes.push(
        object({{"platform_run_id", id}, {"outcome", probe.outcome}, {"error", probe.error}}));
    if (probe.outcome != "collision" && probe.outcome != "lost_race") break;
  }
  return probes;
}

Facts gather(const LaneContext& context, const Upstream&, World& world) {
  Facts facts = Json::Object{};
  world.check("M3B-V3-HANDLE-CONTRACT");
  std::vector<std::string> keys = identity_handles();
  for (const std::string& key : manifest_handles()) keys.push_back(key);
  keys.insert(keys.end(), {std::string(k_root), std::string(k_owner)});
  facts.set("handles", gather_handles(world, keys));
  const HandleFacts handles(facts["handles"]);
  facts.set("manifest", gather_manifest(world, handles));
  facts.set("identity", gather_identity(world, handles, facts["manifest"]));
  // No id is claimed for a run whose identity cannot be derived.
  const bool derived = !Fact(facts["identity"]).failed() && handles.resolved(k_root) &&
                       !manifest_flaw(facts["manifest"]["value"], handles);
  facts.set("probes", derived ? gather_probes(world, context, handles) : Json(Json::Array{}));
  return facts;
}

void judge_identity(const LaneContext& context, const Facts& facts, const HandleFacts& handles,
                    Blockers& blockers) {
  const Fact identity(facts["identity"]);
  if (identity.failed()) {
    blockers.raise(
        "M3B-B3",
        {"the scenario id cannot be derived",
         "every field of the derivation contract, of a known mode",
         identity.error["message"].text(), identity.error["where"].text(),
         identity.fix_or(
             "put the manifest there, or correct inputs.oracle_manifest in runpin.toml")});
    return;
  }
  if (const auto flaw = manifest_flaw(facts["manifest"]["value"], handles))
    blockers.raise("M3B-B3", *flaw);
  if (!handles.resolved(k_root)) blockers.raise("M3B-B3", handles.explain(k_root));
  if (identity.value["scenario_run_id"] != identity.value["recomputed_scenario_run_id"])
    blockers.raise("M3B-B6", {"scenario_run_id differs when it is computed again",
                              identity.value["scenario_run_id"].text(),
                              identity.value["recomputed_scenario_run_id"].text(),
                              place_of(context, context.execution_id, "m3b_run_identity_seed.json"),
                              std::string(k_defect_fix)});
}

void judge_probes(const Facts& facts, Blockers& blockers) {
  const auto& probes = facts["probes"].items();
  if (probes.empty()) return;
  const Json& last = probes.back();
  const std::string& id = last["platform_run_id"].text();
  if (!is_platform_run_id(id))
    blockers.raise("M3B-B1", {"the generated platform_run_id is malformed",
                              "^platform_[0-9]{8}T[0-9]{6}Z(_[0-9]{2})?$", id,
                              "m3b_run_id_generation_snapshot.json",
                              "set the clock to a year from 0001 to 9999, then runpin run"});
  if (last["outcome"].text() == "failed")
    blockers.raise("M3B-B5", {"the run's evidence root could not be probed or claimed",
                              "an answer from the evidence store", last["error"]["message"].text(),
                              last["error"]["where"].text(),
                              "bring the evidence store back, then runpin resume"});
  else if (last["outcome"].text() != "claimed" && last["outcome"].text() != "malformed")
    blockers.raise("M3B-B2", {"every id of this second is taken",
                              fmt::format("a free id up to suffix _{:02}", k_max_collision_suffix),
                              fmt::format("{} ids taken, the last {}", probes.size(), id), id,
                              "runpin resume a second later"});
}

Json final_id(const Facts& facts, const Blockers& blockers) {
  const auto& probes = facts["probes"].items();
  const bool claimed = !probes.empty() && probes.back()["outcome"].text() == "claimed";
  return claimed && !blockers.raised("M3B-B1") ? probes.back()["platform_run_id"] : Json();
}

Json snapshot(const LaneContext& context, const Facts& facts, const Json& id) {
  const Json& identity = facts["identity"]["value"];
  const auto& probes = facts["probes"].items();
  const bool recomputed =
      !identity.is_null() && identity["scenario_run_id"] == identity["recomputed_scenario_run_id"];
  return object(
      {{"candidate_platform_run_id", candidate_id(context.now, 0)},
       {"final_platform_run_id", id},
       {"collision_detected", probes.size() > 1 || (probes.size() == 1 && id.is_null() &&
                                                    probes.front()["outcome"].text() != "failed")},
       {"collision_attempts", probes.size()},
       {"format_check_pass", !id.is_null() && is_platform_run_id(id.text())},
       {"scenario_run_id", identity["scenario_run_id"]},
       {"scenario_derivation_mode", facts["handles"]["SCENARIO_RUN_ID_DERIVATION_MODE"]["value"]},
       {"scenario_derivation_recompute_pass", recomputed}});
}

Json seed(const Facts& facts, const Json& id) {
  const Json& identity = facts["identity"]["value"];
  const Json& manifest = facts["manifest"]["value"];
  Json inputs = object({{"oracle_input_manifest_uri", manifest["uri"]},
                        {"oracle_input_manifest_sha256", manifest["sha256"]},
                        {"config_digest", identity["config_digest"]}});
  for (const auto& [field, value] : identity["scenario_equivalence_payload"].members())
    inputs.set(field, value);
  return object({{"platform_run_id", id},
                 {"scenario_run_id", identity["scenario_run_id"]},
                 {"seed_inputs", inputs},
                 {"config_digest_profile", identity["config_digest_profile"]},
                 {"digest_input_payload", identity["digest_input_payload"]},
                 {"scenario_equivalence_payload", identity["scenario_equivalence_payload"]},
                 {"field_sources", identity["sources"]}});
}

Json probe_receipts(const Facts& facts) {
  Json receipts = Json::Array{};
  const std::string& root = facts["handles"][k_root]["value"].text();
  for (const Json& probe : facts["probes"].items())
    receipts.push(
        object({{"check_id", "M3B-V2-COLLISION-PROBE"},
                {"prefix", replace_all(root, "{platform_run_id}", probe["platform_run_id"].text())},
                {"platform_run_id", probe["platform_run_id"]},
                {"outcome", probe["outcome"]}}));
  return receipts;
}

Judgement judge(const LaneContext& context, const Upstream&, const Facts& facts) {
  const HandleFacts handles(facts["handles"]);
  Blockers blockers(*context.lane);
  judge_identity(context, facts, handles, blockers);
  judge_probes(facts, blockers);
  Judgement judgement;
  judgement.platform_run_id = final_id(facts, blockers);
  judgement.bodies.emplace_back("m3b_run_id_generation_snapshot.json",
                                snapshot(context, facts, judgement.platform_run_id));
  judgement.bodies.emplace_back("m3b_collision_probe_receipts.json",
                                object({{"receipts", probe_receipts(facts)}}));
  judgement.bodies.emplace_back("m3b_run_identity_seed.json",
                                seed(facts, judgement.platform_run_id));
  judgement.blockers = blockers.all();
  return judgement;
}

}  // namespace

const Lane& b_run_identity() {
  static const Lane k_lane{
      {.lane = "M3.B",
       .letter = 'b',
       .slug = "run-identity",
       .title = "Run identity and collision law",
       .reads = {"M3.A"},
       .artifacts = {{"m3b_run_id_generation_snapshot.json",
                      {"candidate_platform_run_id", "final_platform_run_id", "collision_detected",
                       "collision_attempts", "format_check_pass", "scenario_run_id",
                       "scenario_derivation_mode", "scenario_derivation_recompute_pass",
                       "overall_pass"}},
                     {"m3b_collision_probe_receipts.json", {"execution_id", "receipts"}},
                     {"m3b_run_identity_seed.json",
                      {"platform_run_id", "scenario_run_id", "seed_inputs", "config_digest_profile",
                       "digest_input_payload"}},
                     {"m3b_command_receipts.json", {"execution_id", "receipts"}}},
       .checks = {"M3B-V1-FORMAT", "M3B-V2-COLLISION-PROBE", "M3B-V3-HANDLE-CONTRACT",
                  "M3B-V4-SEED-WRITE-LOCAL", "M3B-V5-SEED-WRITE-DURABLE"},
       .blockers =
           {{"M3B-B1", Severity::k_s1, "M3-B2",
             "a generated platform_run_id does not match the id regex"},
            {"M3B-B2", Severity::k_s2, "M3-B2", "no free id within the suffixes _01 to _20"},
            {"M3B-B3", Severity::k_s2, "M3-B3",
             "the scenario derivation contract is missing, incomplete or of an unknown mode"},
            {"M3B-B4", Severity::k_s2, "M3-B5", "a local artifact could not be written"},
            {"M3B-B5", Severity::k_s2, "M3-B5",
             "a durable artifact could not be published or read back"},
            {"M3B-B6", Severity::k_s1, "M3-B3", "scenario_run_id differs when computed again"},
            {"M3B-B7", Severity::k_s1, "M3-B9", "an M3.B artifact is missing or lacks a field"}},
       .codes = {.local_write = "M3B-B4",
                 .publish = "M3B-B5",
                 .read_back = "M3B-B5",
                 .incomplete = "M3B-B7",
                 .secret = "M3B-B7",
                 .missing_upstream = "M3B-B7"},
       .publish_check = "M3B-V5-SEED-WRITE-DURABLE",
       .receipts_artifact = "m3b_command_receipts.json",
       .always_runs = false,
       .writes_first = true},
      gather,
      judge};
  return k_lane;
}

}  // namespace runpin
