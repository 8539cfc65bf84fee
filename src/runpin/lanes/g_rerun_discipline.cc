// M3.G: a rerun may only ever add evidence: the runbook says so, the identity has not drifted, no
// object of the run was deleted or rewritten, and every reset was of a permitted class and is on
// record.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "runpin/canon/json_writer.h"
#include "runpin/gate/facts.h"
#include "runpin/gate/handles.h"
#include "runpin/gate/identity.h"
#include "runpin/gate/layout.h"
#include "runpin/gate/resets.h"
#include "runpin/lanes/lanes.h"
#include "runpin/lanes/oracle_manifest.h"
#include "runpin/lanes/reset_facts.h"
#include "runpin/lanes/runbook.h"
#include "runpin/lanes/version_scan.h"

namespace runpin {
namespace {

constexpr std::string_view k_fallback = "RUNTIME_FALLBACK_REQUIRES_NEW_PHASE_EXECUTION_ID";
constexpr std::string_view k_root = "S3_EVIDENCE_RUN_ROOT_PATTERN";
constexpr std::string_view k_new_run = "runpin run: committed evidence is never mended in place";

// The identity that today's registry and manifest would give.
Json gather_identity(World& world, const HandleFacts& handles) {
  const Json manifest_fact = gather_manifest(world, handles);
  const Fact manifest(manifest_fact);
  if (manifest.failed()) return object({{"error", manifest.error}});
  const auto payload = identity_payload(
      handles, {manifest.value["uri"].text(), Sha256(manifest.value["sha256"].text())});
  if (!payload) return fact_of(payload.error());
  const Identity identity =
      identity_of(*payload, [&](ByteView bytes) { return world.digest(bytes); });
  return fact_of(object(
      {{"config_digest", identity.config_digest}, {"scenario_run_id", identity.scenario_run_id}}));
}

Facts gather(const LaneContext& context, const Upstream& up, World& world) {
  Facts facts = Json::Object{};
  world.check("M3G-V1-RUNBOOK-RULES");
  facts.set("runbook", gather_runbook(world));
  std::vector<std::string> keys = identity_handles();
  keys.insert(keys.end(), {std::string(k_fallback), std::string(k_root)});
  facts.set("handles", gather_handles(world, keys));
  const HandleFacts handles(facts["handles"]);
  world.check("M3G-V2-IDENTITY-DRIFT");
  facts.set("identity", gather_identity(world, handles));
  world.check("M3G-V3-PROHIBITED-MUTATION-GUARD");
  const std::string& id =
      up.artifact("M3.B", "m3b_run_identity_seed.json")["platform_run_id"].text();
  const std::string run_root = replace_all(handles.text(k_root), "{platform_run_id}", id);
  Json versions, resets;
  world.at_once({[&](World& w) { versions = gather_versions(w, *context.layout, up, run_root); },
                 [&](World& w) {
                   w.check("M3G-V5-RESET-RECEIPTS");
                   resets = gather_resets(w, context, up);
                 }});
  facts.set("versions", versions);
  facts.set("resets", resets);
  return facts;
}

void judge_law(const Json& law, const std::string& path, Blockers& blockers) {
  const std::string& text = law["text"].text();
  if (law["line"].is_null())
    blockers.raise("M3G-B1",
                   {"the runbook does not state a rerun law", text, "no such sentence", path,
                    fmt::format("write the law into {}: {}, as a sentence or list item "
                                "of its own: `- {}.`",
                                path, text, text)});
  for (const Json& sentence : law["disputing"].items())
    blockers.raise("M3G-B1",
                   {"the runbook says something else about a rerun law",
                    "its words in no sentence but the law: " + text, sentence["text"].text(),
                    place_in(path, sentence["line"]),
                    fmt::format("take the sentence out of {}, or let it say the law alone", path)});
}

void raise_classes(const Json& classes, const std::string& place, Blockers& blockers) {
  const auto named = classes.strings().value_or(std::vector<std::string>{});
  blockers.raise(
      "M3G-B1",
      {"the runbook's reset classes are not the permitted ones",
       join(permitted_reset_classes(), ", "), named.empty() ? "none" : join(named, ", "), place,
       "list exactly service/runtime reset, checkpoint reset and data replay reset: a line "
       "`Mandatory reset classes:`, an empty line, then the lines `- service/runtime reset`, "
       "`- checkpoint reset` and `- data replay reset` and no other item"});
}

void judge_runbook(const Facts& facts, Blockers& blockers) {
  const Fact runbook(facts["runbook"]);
  const std::string& path = facts["runbook"]["path"].text();
  if (runbook.failed()) {
    blockers.raise(
        "M3G-B1", {"the runbook cannot be read", "a runbook with the rerun and reset laws",
                   runbook.failure(), path, runbook.fix_or("point inputs.runbook at the runbook")});
    return;
  }
  for (const Json& law : runbook.value["laws"].items()) judge_law(law, path, blockers);
  const auto& lists = runbook.value["reset_classes"].items();
  if (lists.empty()) raise_classes(Json(), path, blockers);
  for (const Json& list : lists) {
    auto classes = list["classes"].strings().value_or(std::vector<std::string>{});
    std::sort(classes.begin(), classes.end());
    auto permitted = permitted_reset_classes();
    std::sort(permitted.begin(), permitted.end());
    if (classes != permitted)
      raise_classes(list["classes"], place_in(path, list["line"]), blockers);
  }
}

void judge_drift(const LaneContext& context, const Upstream& up, const Facts& facts,
                 Blockers& blockers) {
  const Json& seed = up.artifact("M3.B", "m3b_run_identity_seed.json");
  const Json& pack = up.artifact("M3.F", "m4_handoff_pack.json");
  const Json& digest = up.artifact("M3.C", "m3c_run_config_digest_snapshot.json");
  const Json& run = up.artifact("M3.E", "m3e_run_json_write_receipt.json");
  const Json pinned = object(
      {{"config_digest", digest["config_digest"]}, {"scenario_run_id", seed["scenario_run_id"]}});
  const Fact today(facts["identity"]);
  if (today.failed() || today.value != pinned)
    blockers.raise(
        "M3G-B2",
        {"the registry or the oracle manifest no longer gives this run's identity",
         canonical(pinned), today.failed() ? today.failure() : canonical(today.value),
         place_of(context, up.lane("M3.B").execution_id, "m3b_run_identity_seed.json"),
         fmt::format(
             "restore the inputs, then {}, then runpin resume; or runpin run for a new identity",
             k_reset_command)});
  for (const auto& [name, body] :
       {std::pair{"m3e_run_json_write_receipt.json", &run}, {"m4_handoff_pack.json", &pack}})
    for (const auto& [field, value] : {std::pair{"platform_run_id", &seed["platform_run_id"]},
                                       {"scenario_run_id", &seed["scenario_run_id"]},
                                       {"config_digest", &digest["config_digest"]}})
      if ((*body)[field] != *value)
        blockers.raise("M3G-B2", {fmt::format("{} carries another {}", name, field), value->text(),
                                  (*body)[field].text(), name, std::string(k_new_run)});
}

void judge_resets(const HandleFacts& handles, const Facts& facts, Blockers& blockers) {
  if (!handles.resolved(k_fallback))
    blockers.raise("M3G-B6", handles.explain(k_fallback));
  else if (!handles.value(k_fallback).is_true())
    blockers.raise("M3G-B6", handles.explain_value(k_fallback, "true"));
  judge_reset_facts(facts["resets"], blockers);
}

Json law(const char* text) {
  return Json(text);
}

Judgement judge(const LaneContext& context, const Upstream& up, const Facts& facts) {
  const HandleFacts handles(facts["handles"]);
  const Json& seed = up.artifact("M3.B", "m3b_run_identity_seed.json");
  const Json& digest = up.artifact("M3.C", "m3c_run_config_digest_snapshot.json");
  const Json& versions = facts["versions"]["value"];
  Blockers blockers(*context.lane);
  judge_runbook(facts, blockers);
  judge_drift(context, up, facts, blockers);
  judge_versions(facts["versions"], "M3G-B3", blockers);
  judge_resets(handles, facts, blockers);
  Judgement judgement;
  judgement.platform_run_id = seed["platform_run_id"];
  judgement.bodies.emplace_back(
      "m3g_rerun_reset_policy_snapshot.json",
      object({{"scenario_run_id", seed["scenario_run_id"]},
              {"config_digest", digest["config_digest"]},
              {"identity_drift_policy",
               "a changed platform_run_id, scenario_run_id or config_digest needs a new run"},
              {"identity_drift_detected", blockers.raised("M3G-B2")},
              {"permitted_reset_classes", Json(permitted_reset_classes())},
              {"prohibited_actions",
               array({law("delete committed evidence"), law("rewrite committed evidence"),
                      law("replay local ad-hoc input"),
                      law("skip to a later lane than the failed one")})},
              {"fallback_approval_rule",
               "a reset of a permitted class, on record with actor, timestamp, reason, class and "
               "scope, and a new execution id"}}));
  judgement.bodies.emplace_back(
      "m3g_reset_class_matrix.json",
      object({{"permitted_reset_classes", Json(permitted_reset_classes())},
              {"observed_resets", facts["resets"]["value"]["observed"]}}));
  judgement.bodies.emplace_back("m3g_prohibited_mutation_guard_receipts.json",
                                object({{"objects_scanned", versions["objects_scanned"]},
                                        {"delete_markers", versions["delete_markers"]},
                                        {"rewritten_keys", versions["rewritten_keys"]}}));
  judgement.blockers = blockers.all();
  return judgement;
}

}  // namespace

const Lane& g_rerun_discipline() {
  static const Lane k_lane{
      {.lane = "M3.G",
       .letter = 'g',
       .slug = "rerun-discipline",
       .title = "Rerun and reset discipline",
       .reads = {"M3.B", "M3.C", "M3.D", "M3.E", "M3.F"},
       .artifacts =
           {{"m3g_rerun_reset_policy_snapshot.json",
             {"platform_run_id", "scenario_run_id", "config_digest", "identity_drift_policy",
              "identity_drift_detected", "permitted_reset_classes", "prohibited_actions",
              "fallback_approval_rule", "overall_pass"}},
            {"m3g_reset_class_matrix.json",
             {"platform_run_id", "permitted_reset_classes", "observed_resets", "overall_pass"}},
            {"m3g_prohibited_mutation_guard_receipts.json",
             {"execution_id", "receipts", "objects_scanned", "delete_markers", "rewritten_keys"}}},
       .checks = {"M3G-V1-RUNBOOK-RULES", "M3G-V2-IDENTITY-DRIFT",
                  "M3G-V3-PROHIBITED-MUTATION-GUARD", "M3G-V4-RESET-CLASS-MAP",
                  "M3G-V5-RESET-RECEIPTS", "M3G-V6-DURABLE-PUBLISH"},
       .blockers =
           {{"M3G-B1", Severity::k_s2, "M3-B7",
             "the rerun and reset policy is missing from the runbook or contradicts itself"},
            {"M3G-B2", Severity::k_s1, "M3-B7", "identity drift without a new run"},
            {"M3G-B3", Severity::k_s1, "M3-B7", "committed evidence was deleted or rewritten"},
            {"M3G-B4", Severity::k_s2, "M3-B7", "a reset outside the permitted classes"},
            {"M3G-B5", Severity::k_s2, "M3-B7",
             "a reset receipt is missing or lacks actor, timestamp, reason, class or scope"},
            {"M3G-B6", Severity::k_s2, "M3-B7",
             "a fallback or reset without adjudication and a new execution id"},
            {"M3G-B7", Severity::k_s2, "M3-B5",
             "a durable artifact could not be published or read back"},
            {"M3G-B8", Severity::k_s1, "M3-B9", "an M3.G artifact is missing or lacks a field"}},
       .codes = {.local_write = "M3G-B7",
                 .publish = "M3G-B7",
                 .read_back = "M3G-B7",
                 .incomplete = "M3G-B8",
                 .secret = "M3G-B8",
                 .missing_upstream = "M3G-B3"},
       .publish_check = "M3G-V6-DURABLE-PUBLISH",
       .receipts_artifact = "m3g_prohibited_mutation_guard_receipts.json",
       .always_runs = false},
      gather,
      judge};
  return k_lane;
}

}  // namespace runpin
