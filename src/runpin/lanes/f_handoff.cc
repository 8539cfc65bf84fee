// M3.F: M4 gets a hand-off pack that binds the run's scope, names the correlation fields, and
// refers only to durable evidence that can be read.
#include <fmt/format.h>

#include "runpin/canon/digest.h"
#include "runpin/gate/facts.h"
#include "runpin/gate/handles.h"
#include "runpin/gate/layout.h"
#include "runpin/lanes/lanes.h"
#include "runpin/lanes/runbook.h"

namespace runpin {
namespace {

constexpr std::string_view k_env_key = "REQUIRED_PLATFORM_RUN_ID_ENV_KEY";
constexpr std::string_view k_correlation = "CORRELATION_REQUIRED_FIELDS";
constexpr std::string_view k_entry = "m3d_orchestrator_entry_readiness_snapshot.json";

struct Reference {
  std::string name;
  std::string key;
  std::string sha256;  // as the upstream evidence has it
};

std::vector<Reference> references(const Upstream& up) {
  const Json& run = up.artifact("M3.E", "m3e_run_json_write_receipt.json");
  const Json& header = up.artifact("M3.E", "m3e_run_header_write_receipt.json");
  std::vector<Reference> all{
      {"run_json", run["resolved_run_json_key"].text(), run["readback_sha256"].text()},
      {"run_header", header["resolved_run_header_key"].text(), header["readback_sha256"].text()}};
  for (const Json& entry : up.lane("M3.D").summary["artifacts"].items())
    if (entry["name"].text() == k_entry)
      all.push_back(
          {"orchestrator_entry_readiness", entry["durable_key"].text(), entry["sha256"].text()});
  return all;
}

Json gather_reference(World& world, const Reference& reference) {
  const auto stored = world.store_meanwhile().get(ObjectKey(reference.key));
  Json fact =
      object({{"name", reference.name}, {"key", reference.key}, {"sha256", reference.sha256}});
  if (!stored)
    fact.set("error", fact_of(stored.error())["error"]);
  else if (*stored)
    fact.set("found_sha256", sha256((*stored)->bytes).str());
  return fact;
}

Json gather_references(World& world, const Upstream& up) {
  return world.for_each_at_once(references(up), gather_reference);
}

Facts gather(const LaneContext&, const Upstream& up, World& world) {
  Facts facts = Json::Object{};
  world.check("M3F-V2-ENV-BINDING");
  facts.set("handles", gather_handles(world, {std::string(k_env_key), std::string(k_correlation)}));
  world.check("M3F-V3-CORRELATION-CONTRACT");
  facts.set("runbook", gather_runbook(world));
  world.check("M3F-V4-REF-READABLE");
  facts.set("references", gather_references(world, up));
  return facts;
}

void judge_binding(const HandleFacts& handles, const Json& entry, Blockers& blockers) {
  if (!handles.resolved(k_env_key))
    blockers.raise("M3F-B2", handles.explain(k_env_key));
  else if (handles.value(k_env_key) != entry["required_platform_run_id_env_key"])
    blockers.raise(
        "M3F-B2",
        {"the run-scope key is not the one that M3.D proved",
         entry["required_platform_run_id_env_key"].text(), handles.text(k_env_key),
         handles.where(k_env_key),
         fmt::format("pin {} back and runpin resume, or runpin run with the new key", k_env_key)});
}

void judge_correlation(const HandleFacts& handles, const Facts& facts, Blockers& blockers) {
  const std::string pinned = join(correlation_required_fields(), ",");
  if (!handles.resolved(k_correlation))
    blockers.raise("M3F-B3", handles.explain(k_correlation));
  else if (split_list(handles.text(k_correlation)) != correlation_required_fields())
    blockers.raise("M3F-B3", handles.explain_value(k_correlation, "\"" + pinned + "\""));
  const Fact runbook(facts["runbook"]);
  const std::string& path = facts["runbook"]["path"].text();
  const std::string fix = fmt::format(
      "write `{0}` into the runbook's correlation rule, as one code span with its backticks: "
      "Every record carries `{0}`.",
      pinned);
  if (runbook.failed())
    blockers.raise(
        "M3F-B3", {"the runbook's correlation rule cannot be read", pinned, runbook.failure(), path,
                   runbook.fix_or("point inputs.runbook at the runbook")});
  else if (runbook.value["correlation_fields"] != Json(correlation_required_fields()))
    blockers.raise("M3F-B3",
                   {"the runbook's correlation rule does not name the pinned fields", pinned,
                    runbook.value["correlation_fields"].is_null()
                        ? "no list of correlation fields"
                        : join(runbook.value["correlation_fields"].strings().value_or(
                                   std::vector<std::string>{}),
                               ","),
                    runbook.value["correlation_line"].is_null()
                        ? path
                        : place_in(path, runbook.value["correlation_line"]),
                    fix});
}

void judge_references(const Facts& facts, Blockers& blockers) {
  for (const Json& reference : facts["references"].items()) {
    if (reference["found_sha256"] == reference["sha256"]) continue;
    const bool unanswered = !reference["error"].is_null();
    const std::string found = unanswered ? reference["error"]["message"].text()
                              : reference["found_sha256"].is_null()
                                  ? "no object"
                                  : "SHA-256 " + reference["found_sha256"].text();
    blockers.raise(
        "M3F-B4",
        {fmt::format("durable reference {} cannot be relied on", reference["name"].text()),
         "an object of SHA-256 " + reference["sha256"].text(), found, reference["key"].text(),
         unanswered ? "bring the evidence store back, then runpin resume"
                    : "runpin run: committed evidence is never mended in place"});
  }
}

Judgement judge(const LaneContext& context, const Upstream& up, const Facts& facts) {
  const HandleFacts handles(facts["handles"]);
  const Json& entry = up.artifact("M3.D", k_entry);
  const Json& run = up.artifact("M3.E", "m3e_run_json_write_receipt.json");
  Blockers blockers(*context.lane);
  judge_binding(handles, entry, blockers);
  judge_correlation(handles, facts, blockers);
  judge_references(facts, blockers);

  Json refs = Json::Array{}, sources = Json::Object{};
  for (const Json& reference : facts["references"].items())
    refs.push(object(
        {{"name", reference["name"]}, {"key", reference["key"]}, {"sha256", reference["sha256"]}}));
  for (const std::string& lane : context.lane->reads)
    sources.set(lane, up.lane(lane).execution_id.str());
  const bool bound = !blockers.raised("M3F-B2");
  Judgement judgement;
  judgement.platform_run_id = run["platform_run_id"];
  judgement.bodies.emplace_back(
      "m4_handoff_pack.json",
      object({{"scenario_run_id", run["scenario_run_id"]},
              {"config_digest", run["config_digest"]},
              {"required_platform_run_id_env_key", handles.value(k_env_key)},
              {"required_platform_run_id_env_value", run["platform_run_id"]},
              {"correlation_required_fields", Json(correlation_required_fields())},
              {"durable_references", refs},
              {"source_execution_ids", sources}}));
  judgement.bodies.emplace_back(
      "m3f_runtime_scope_binding_snapshot.json",
      object({{"required_platform_run_id_env_key", entry["required_platform_run_id_env_key"]},
              {"required_platform_run_id_env_value", run["platform_run_id"]},
              {"registry_env_key", handles.value(k_env_key)},
              {"binding_pass", bound}}));
  judgement.blockers = blockers.all();
  return judgement;
}

}  // namespace

const Lane& f_handoff() {
  static const Lane k_lane{
      {.lane = "M3.F",
       .letter = 'f',
       .slug = "handoff",
       .title = "Runtime scope export and M4 hand-off",
       .reads = {"M3.B", "M3.C", "M3.D", "M3.E"},
       .artifacts = {{"m4_handoff_pack.json",
                      {"platform_run_id", "scenario_run_id", "config_digest",
                       "required_platform_run_id_env_key", "required_platform_run_id_env_value",
                       "correlation_required_fields", "durable_references", "source_execution_ids",
                       "overall_pass"}},
                     {"m3f_runtime_scope_binding_snapshot.json",
                      {"platform_run_id", "required_platform_run_id_env_key",
                       "required_platform_run_id_env_value", "registry_env_key", "binding_pass",
                       "overall_pass"}},
                     {"m3f_handoff_reference_receipts.json", {"execution_id", "receipts"}}},
       .checks = {"M3F-V1-INPUTS", "M3F-V2-ENV-BINDING", "M3F-V3-CORRELATION-CONTRACT",
                  "M3F-V4-REF-READABLE", "M3F-V5-HANDOFF-PUBLISH", "M3F-V6-HANDOFF-READBACK"},
       .blockers =
           {{"M3F-B1", Severity::k_s1, "M3-B6", "a prerequisite artifact is missing or not PASS"},
            {"M3F-B2", Severity::k_s2, "M3-B6",
             "the run-scope environment key or value does not match"},
            {"M3F-B3", Severity::k_s2, "M3-B6", "the correlation field list is not the pinned one"},
            {"M3F-B4", Severity::k_s2, "M3-B6",
             "a referenced durable object is missing or unreadable"},
            {"M3F-B5", Severity::k_s2, "M3-B5", "the hand-off pack could not be published"},
            {"M3F-B6", Severity::k_s1, "M3-B6", "the hand-off pack read back differs"},
            {"M3F-B7", Severity::k_s1, "M3-B6", "secret material in the hand-off pack"},
            {"M3F-B8", Severity::k_s1, "M3-B9", "an M3.F artifact is missing or lacks a field"}},
       .codes = {.local_write = "M3F-B5",
                 .publish = "M3F-B5",
                 .read_back = "M3F-B6",
                 .incomplete = "M3F-B8",
                 .secret = "M3F-B7",
                 .missing_upstream = "M3F-B1"},
       .publish_check = "M3F-V5-HANDOFF-PUBLISH",
       .receipts_artifact = "m3f_handoff_reference_receipts.json",
       .always_runs = false},
      gather,
      judge};
  return k_lane;
}

}  // namespace runpin
