// M3.A: every required handle is resolved from one source, the M2 hand-off says ready, the
// orchestrator and the evidence store answer, and nothing that also names a handle contradicts it.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "runpin/canon/json_writer.h"
#include "runpin/gate/facts.h"
#include "runpin/gate/handles.h"
#include "runpin/gate/secret_scan.h"
#include "runpin/lanes/lanes.h"
#include "runpin/lanes/m2_receipt.h"
#include "runpin/lanes/platform_trust.h"
#include "runpin/lanes/shown_text.h"

namespace runpin {
namespace {

// The anti-cram law's nine capability lanes: each is present when one of its handles or sources
// resolves.
struct CapabilityLane {
  const char* name;
  std::vector<std::string> handles;
  const char* source;  // a setting of runpin.toml that counts as well, or ""
};
const std::vector<CapabilityLane>& capability_lanes() {
  static const std::vector<CapabilityLane> k_lanes{
      {"authority_and_handles", {"FIELD_PLATFORM_RUN_ID", "CONFIG_DIGEST_ALGO"}, ""},
      {"identity_and_iam",
       {"ROLE_TERRAFORM_APPLY_DEV_FULL", "ROLE_STEP_FUNCTIONS_ORCHESTRATOR"},
       ""},
      {"network_and_control_plane", {"AWS_REGION"}, ""},
      {"data_stores_and_evidence_roots",
       {"S3_EVIDENCE_BUCKET", "S3_EVIDENCE_RUN_ROOT_PATTERN"},
       ""},
      {"messaging_and_orchestrator",
       {"SFN_PLATFORM_RUN_ORCHESTRATOR_V0", "SR_READY_COMMIT_AUTHORITY"},
       ""},
      {"secrets_posture", {"SECRETS_BACKEND", "SECRETS_PLAINTEXT_OUTPUT_ALLOWED"}, ""},
      {"observability_and_evidence_publication",
       {"CORRELATION_REQUIRED_FIELDS", "S3_RUN_CONTROL_ROOT_PATTERN"},
       ""},
      {"rollback_and_rerun_policy",
       {"RUNTIME_FALLBACK_REQUIRES_NEW_PHASE_EXECUTION_ID"},
       "inputs.runbook"},
      {"phase_budget_and_cost_to_outcome",
       {"DEV_FULL_MONTHLY_BUDGET_LIMIT_USD", "COST_OUTCOME_RECEIPT_REQUIRED_FIELDS"},
       ""}};
  return k_lanes;
}

// Which handle or setting settles each law that a lane leaves to a pin.
Json settled_laws() {
  const auto law = [](const char* lane, const char* name, std::vector<std::string> by) {
    return object({{"lane", lane}, {"law", name}, {"settled_by", Json(by)}});
  };
  return array(
      {law("M3.B", "scenario_run_derivation",
           {"SCENARIO_RUN_ID_DERIVATION_MODE", "SCENARIO_EQUIVALENCE_KEY_INPUT",
            "SCENARIO_EQUIVALENCE_KEY_CANONICAL_FIELDS"}),
       law("M3.B", "collision_target", {"S3_EVIDENCE_RUN_ROOT_PATTERN"}),
       law("M3.C", "canonicalization", {"SCENARIO_EQUIVALENCE_KEY_CANONICALIZATION_MODE"}),
       law("M3.C", "digest",
           {"CONFIG_DIGEST_ALGO", "CONFIG_DIGEST_FIELD", "CONFIG_DIGEST_PROFILE"}),
       law("M3.D", "orchestrator_authority",
           {"SFN_PLATFORM_RUN_ORCHESTRATOR_V0", "SR_READY_COMMIT_AUTHORITY"}),
       law("M3.D", "role_alignment", {"ROLE_STEP_FUNCTIONS_ORCHESTRATOR"}),
       law("M3.E", "object_keys", {"EVIDENCE_RUN_JSON_KEY", "RUN_PIN_PATH_PATTERN"}),
       law("M3.F", "runtime_scope_binding", {"REQUIRED_PLATFORM_RUN_ID_ENV_KEY"}),
       law("M3.F", "correlation_contract", {"CORRELATION_REQUIRED_FIELDS", "inputs.runbook"}),
       law("M3.G", "rerun_and_reset_policy",
           {"inputs.runbook", "RUNTIME_FALLBACK_REQUIRES_NEW_PHASE_EXECUTION_ID"}),
       law("M3.H", "budget",
           {"DEV_FULL_MONTHLY_BUDGET_LIMIT_USD", "DEV_FULL_BUDGET_ALERT_1_USD",
            "DEV_FULL_BUDGET_ALERT_2_USD", "DEV_FULL_BUDGET_ALERT_3_USD", "BUDGET_CURRENCY"}),
       law("M3.H", "cost_sources",
           {"AWS_COST_CAPTURE_ENABLED", "DATABRICKS_COST_CAPTURE_ENABLED", "cost.aws"}),
       law("M3.H", "outcome_receipt",
           {"COST_OUTCOME_RECEIPT_REQUIRED_FIELDS", "PHASE_COST_HARD_STOP_ON_MISSING_OUTCOME"})});
}

std::vector<std::string> all_handles() {
  std::set<std::string> keys(required_handles().begin(), required_handles().end());
  for (const CapabilityLane& lane : capability_lanes())
    keys.insert(lane.handles.begin(), lane.handles.end());
  return {keys.begin(), keys.end()};
}

// Handles pinned to two values, and handles whose value is a secret: of the whole registry,
// required or not. And lines whose key cannot be read: each may be meant for any handle.
Json registry_faults(const Registry& registry) {
  Json faults = Json::Array{};
  for (const Finding& finding : registry.findings())
    if (finding.rule == "malformed" && registry.get(finding.key).state == HandleState::k_missing)
      faults.push(object({{"key", ""},
                          {"fault", "unreadable"},
                          {"where", where(registry.path(), finding.position)},
                          {"detail", shown_text(finding.message)}}));
  for (const Handle& handle : registry.all()) {
    const std::string place =
        handle.position() ? where(registry.path(), *handle.position()) : registry.path();
    if (handle.state == HandleState::k_contradicted) {
      std::vector<std::string> places;
      for (const Pin& pin : handle.pins)
        if (pin.literal || pin.alias_of)
          places.push_back(where(registry.path(), pin.value_position));
      faults.push(object({{"key", handle.key},
                          {"fault", "contradicted"},
                          {"where", place},
                          {"detail", join(places, " and ")}}));
    }
    for (const Pin& pin : handle.pins) {
      const auto secrets =
          pin.literal ? scan_named_value(handle.key, *pin.literal) : std::vector<SecretFinding>{};
      const auto noted = secrets.empty() ? scan_secrets(pin.note) : std::vector<SecretFinding>{};
      for (const auto* found : {&secrets, &noted})
        if (!found->empty())
          faults.push(object({{"key", handle.key},
                              {"fault", found == &noted ? "secret_note" : "secret"},
                              {"where", where(registry.path(), pin.value_position)},
                              {"detail", found->front().rule}}));
    }
  }
  return faults;
}

// Every output that names a registry handle, by its upper-case name, and whether the two agree.
Json named_outputs(const Registry& registry, const std::vector<StackOutput>& outputs) {
  Json named = Json::Array{};
  for (const StackOutput& output : outputs) {
    std::string key = output.name;
    std::transform(key.begin(), key.end(), key.begin(), [](unsigned char c) {
      return c >= 'a' && c <= 'z' ? c - 32 : c == '-' ? '_' : c;
    });
    const Handle handle = registry.get(key);
    if (handle.state != HandleState::k_resolved) continue;
    named.push(object({{"output", output.name},
                       {"handle", key},
                       {"origin", output.origin},
                       {"where", where(registry.path(), *handle.position())},
                       {"agrees", *handle.value == output.value}}));
  }
  return named;
}

struct OutputFacts {
  Json sources = Json::Array{};    // each source's outputs that name a handle
  Json conflicts = Json::Array{};  // outputs that two sources give different values
};

OutputFacts gather_outputs(World& world) {
  OutputFacts facts;
  std::map<std::string, StackOutput> seen;
  for (const Setting& source : world.workspace().stack_outputs) {
    const auto outputs = world.stack_outputs().read(source.value);
    if (!outputs) {
      facts.sources.push(fact_of(outputs.error()));
      continue;
    }
    for (const StackOutput& output : *outputs) {
      const StackOutput& first = seen.emplace(output.name, output).first->second;
      if (first.sensitive != output.sensitive || first.value != output.value)
        facts.conflicts.push(
            object({{"output", output.name}, {"origins", array({first.origin, output.origin})}}));
    }
    facts.sources.push(fact_of(named_outputs(world.registry(), *outputs)));
  }
  return facts;
}

Json gather_reachable(World& world) {
  const Result<void> reachable = world.store().check_reachable();
  return reachable ? fact_of(Json(world.store().name())) : fact_of(reachable.error());
}

// Whether orchestrator, store and control plane answer, and what the stacks say.
void gather_platform(const LaneContext& context, World& world, Facts& facts) {
  Json machines, reachable, trust, caller;
  OutputFacts outputs;
  world.at_once({[&](World& w) {
                   w.check("M3A-V4-SFN-QUERY");
                   machines = fact_of(w.orchestrator().list_state_machines(),
                                      [](const auto& found) { return Json(found.size()); });
                 },
                 [&](World& w) {
                   w.check("M3A-V5-EVIDENCE-BUCKET");
                   reachable = gather_reachable(w);
                 },
                 [&](World& w) {
                   w.check("M3A-V5-EVIDENCE-BUCKET");
                   trust = gather_store_trust(context, w);
                 },
                 [&](World& w) {
                   w.check("M3A-V6-CORE-OUTPUTS");
                   caller = gather_caller(w);
                 },
                 [&](World& w) {
                   w.check("M3A-V6-CORE-OUTPUTS");
                   outputs = gather_outputs(w);
                 }});
  facts.set("state_machines", machines);
  facts.set("evidence_store", reachable);
  facts.set("store_trust", trust);
  facts.set("caller", caller);
  facts.set("stack_outputs", outputs.sources);
  facts.set("stack_output_conflicts", outputs.conflicts);
}

Facts gather(const LaneContext& context, const Upstream&, World& world) {
  Facts facts = Json::Object{};
  world.check("M3A-V1-HANDLE-EXISTS");
  facts.set("handles", gather_handles(world, all_handles()));
  facts.set("registry", world.registry().path());
  facts.set("registry_faults", registry_faults(world.registry()));
  world.check("M3A-V3-M2-HANDOFF");
  facts.set("m2_receipt", gather_m2_receipt(world));
  gather_platform(context, world, facts);
  facts.set("orchestrator", world.orchestrator().name());
  facts.set("store", world.store().name());
  facts.set("runbook", world.workspace().runbook.value);
  return facts;
}

std::string_view code_for(const std::string& state) {
  if (state == "to_pin" || state == "empty" || state == name_of(HandleState::k_declared))
    return "M3A-B2";
  if (state == "contradicted" || state == "source_missing") return "M3A-B6";
  if (state == "secret") return "M3A-B7";
  return "M3A-B1";
}

void judge_handles(const HandleFacts& handles, Blockers& blockers) {
  for (const std::string& key : handles.unresolved(required_handles()))
    blockers.raise(code_for(handles.state(key)), handles.explain(key));
  if (handles.resolved("FIELD_CONFIG_DIGEST") && handles.resolved("CONFIG_DIGEST_FIELD") &&
      handles.text("FIELD_CONFIG_DIGEST") != handles.text("CONFIG_DIGEST_FIELD"))
    blockers.raise("M3A-B6", {"two handles name the digest's field differently",
                              "FIELD_CONFIG_DIGEST equal to CONFIG_DIGEST_FIELD",
                              handles.text("FIELD_CONFIG_DIGEST") + " and " +
                                  handles.text("CONFIG_DIGEST_FIELD"),
                              handles.where("CONFIG_DIGEST_FIELD"), "pin both to the same name"});
  constexpr std::string_view k_plaintext = "SECRETS_PLAINTEXT_OUTPUT_ALLOWED";
  if (handles.resolved(k_plaintext) && handles.value(k_plaintext) != Json(false))
    blockers.raise("M3A-B6", handles.explain_value(k_plaintext, "false"));
  constexpr std::string_view k_root = "S3_EVIDENCE_RUN_ROOT_PATTERN";
  const std::string& root = handles.text(k_root);
  if (handles.resolved(k_root) &&
      (root.find("{platform_run_id}") == std::string::npos || !root.ends_with('/')))
    blockers.raise("M3A-B6",
                   handles.explain_value(
                       k_root, "\"evidence/runs/{platform_run_id}/\", a folder of the run's own"));
}

void judge_registry(const Facts& facts, const HandleFacts& handles, Blockers& blockers) {
  for (const Json& fault : facts["registry_faults"].items()) {
    const std::string& key = fault["key"].text();
    const auto& required = required_handles();
    const bool known = std::find(required.begin(), required.end(), key) != required.end() &&
                       !handles.resolved(key);
    if (known) continue;  // judged as a required handle already
    if (fault["fault"].text() == "unreadable")
      blockers.raise("M3A-B6",
                     {"a line of the registry may pin any handle to another value",
                      "every handle line readable", fault["detail"].text(), fault["where"].text(),
                      "write the line as * `KEY = VALUE`, KEY of A to Z, 0 to 9 and _, "
                      "or take it out"});
    else if (fault["fault"].text() == "contradicted")
      blockers.raise(
          "M3A-B6",
          {fmt::format("handle {} is pinned to two values", key), "one value for each handle",
           "different values at " + fault["detail"].text(), fault["where"].text(),
           fmt::format("leave one value for {}, the same at every place that names it", key)});
    else
      blockers.raise(
          "M3A-B7",
          {fmt::format("{} {} holds secret material, which no artifact may carry",
                       fault["fault"].text() == "secret_note" ? "the note of handle" : "handle",
                       key),
           "a secret's path, never its value", "rule " + fault["detail"].text(),
           fault["where"].text(),
           fmt::format("write the secret's path for {} instead, and rotate the secret", key)});
  }
}

void judge_surfaces(const Facts& facts, const HandleFacts& handles, Blockers& blockers) {
  if (const Fact machines(facts["state_machines"]); !machines.failed()) {
    if (machines.value.integer().value_or(0) == 0)
      blockers.raise("M3A-B4", {"the orchestrator has no state machine",
                                "at least one state machine", "none", facts["orchestrator"].text(),
                                "create it (embedded: runpin orchestrator create " +
                                    handles.text("SFN_PLATFORM_RUN_ORCHESTRATOR_V0") + ")"});
  } else {
    blockers.raise(
        "M3A-B4",
        {"the orchestrator cannot be queried", "an answer from " + facts["orchestrator"].text(),
         machines.error["message"].text(), facts["orchestrator"].text(),
         machines.error["fix"].text().empty()
             ? "bring the orchestrator up, or correct orchestrator.kind in runpin.toml"
             : machines.error["fix"].text()});
  }
  if (const Fact store(facts["evidence_store"]); store.failed())
    blockers.raise(
        "M3A-B5",
        {"the evidence store cannot be reached for writing", "a writable " + facts["store"].text(),
         store.error["message"].text(), facts["store"].text(),
         (store.error["fix"].text().empty()
              ? "bring the evidence store back, or correct evidence.store in runpin.toml"
              : store.error["fix"].text()) +
             ", then runpin run"});
}

// V6 holds handles against what the stacks have: with nothing to hold them against it cannot pass.
bool holds_a_handle(const Facts& facts, const HandleFacts& handles) {
  for (const Json& source : facts["stack_outputs"].items())
    if (!source["value"].items().empty()) return true;
  const auto keys = all_handles();
  return std::any_of(keys.begin(), keys.end(), [&](const std::string& key) {
    return handles.resolved(key) && handles.source(key) == name_of(SourceClass::k_stack_output);
  });
}

void judge_output_cover(const Facts& facts, const HandleFacts& handles, Blockers& blockers) {
  const Json::Array& sources = facts["stack_outputs"].items();
  if (sources.empty()) {
    blockers.raise("M3A-B6",
                   {"no stack outputs are named, so no handle can be held against them",
                    "the outputs of the stacks that the handles refer to", "none", "runpin.toml",
                    "name the files in runpin.toml: [inputs] stack_outputs = "
                    "[\"inputs/core.outputs.json\"]"});
    return;
  }
  const bool all_read = std::none_of(sources.begin(), sources.end(),
                                     [](const Json& source) { return Fact(source).failed(); });
  if (all_read && !holds_a_handle(facts, handles))
    blockers.raise(
        "M3A-B6",
        {"no stack output names a handle, so no handle is held against them",
         "an output of a handle's name, such as s3_evidence_bucket", "none", "runpin.toml",
         "say in [sources] of runpin.toml which output has it: S3_EVIDENCE_BUCKET = "
         "\"output:NAME\""});
}

void judge_outputs(const Facts& facts, const HandleFacts& handles, Blockers& blockers) {
  judge_output_cover(facts, handles, blockers);
  for (const Json& conflict : facts["stack_output_conflicts"].items())
    blockers.raise(
        "M3A-B6",
        {fmt::format("stack output {} has two values", conflict["output"].text()),
         "one value, whichever stack says it", "different values",
         join(conflict["origins"].strings().value_or(std::vector<std::string>{}), " and "),
         "write the outputs again, or leave one of the two out of inputs.stack_outputs"});
  for (const Json& entry : facts["stack_outputs"].items()) {
    const Fact outputs(entry);
    if (outputs.failed())
      blockers.raise("M3A-B6",
                     {"stack outputs cannot be read, so no handle can be held against them",
                      "the JSON of `terraform output -json`", outputs.error["message"].text(),
                      outputs.error["where"].text(),
                      "write the outputs again, or correct inputs.stack_outputs in runpin.toml"});
    for (const Json& output : outputs.value.items())
      if (!output["agrees"].is_true())
        blockers.raise(
            "M3A-B6", {fmt::format("stack output {} contradicts handle {}", output["output"].text(),
                                   output["handle"].text()),
                       "the same value in both", "another value in " + output["origin"].text(),
                       output["where"].text(),
                       fmt::format("pin {} to what the stack really has, or apply the stack again",
                                   output["handle"].text())});
  }
}

// The nine capability lanes as the snapshot shows them; a missing one is refused by name.
Json judge_capabilities(const Facts& facts, const HandleFacts& handles, Blockers& blockers) {
  Json lanes = Json::Array{};
  for (const CapabilityLane& lane : capability_lanes()) {
    std::vector<std::string> by;
    for (const std::string& key : lane.handles)
      if (handles.resolved(key)) by.push_back(key);
    if (*lane.source && !facts["runbook"].text().empty()) by.push_back(lane.source);
    lanes.push(object(
        {{"capability_lane", lane.name}, {"present", !by.empty()}, {"settled_by", Json(by)}}));
    if (by.empty())
      blockers.raise(
          "M3A-B1",
          {fmt::format("capability lane {} has no resolved handle or source", lane.name),
           "one of " + join(lane.handles, ", "), "none of them resolved", facts["registry"].text(),
           fmt::format("pin {} in the registry", lane.handles.front())});
  }
  return lanes;
}

Json verification_results(const LaneContract& lane, const Blockers& blockers) {
  const std::map<std::string, std::vector<std::string>> codes_by_check{
      {"M3A-V1-HANDLE-EXISTS", {"M3A-B1", "M3A-B7"}},
      {"M3A-V2-PLACEHOLDER-GUARD", {"M3A-B2"}},
      {"M3A-V3-M2-HANDOFF", {"M3A-B3"}},
      {"M3A-V4-SFN-QUERY", {"M3A-B4"}},
      {"M3A-V5-EVIDENCE-BUCKET", {"M3A-B5"}},
      {"M3A-V6-CORE-OUTPUTS", {"M3A-B6"}}};
  Json results = Json::Array{};
  for (const std::string& check : lane.checks) {
    const auto& codes = codes_by_check.at(check);
    const bool pass = std::none_of(codes.begin(), codes.end(),
                                   [&](const std::string& code) { return blockers.raised(code); });
    results.push(object({{"check_id", check}, {"pass", pass}}));
  }
  return results;
}

Judgement judge(const LaneContext& context, const Upstream&, const Facts& facts) {
  const HandleFacts handles(facts["handles"]);
  Blockers blockers(*context.lane);
  judge_handles(handles, blockers);
  judge_registry(facts, handles, blockers);
  const Json capabilities = judge_capabilities(facts, handles, blockers);
  judge_m2_receipt(facts["m2_receipt"], context.now, blockers);
  judge_surfaces(facts, handles, blockers);
  judge_store_trust(facts["store_trust"], facts["store"].text(), blockers);
  judge_caller(facts["caller"], handles, blockers);
  judge_outputs(facts, handles, blockers);

  Json resolved = Json::Object{}, sources = Json::Object{};
  std::vector<std::string> unresolved, placeholders;
  for (const std::string& key : required_handles()) {
    sources.set(key, handles.source(key));
    if (handles.resolved(key))
      resolved.set(key, handles.value(key));
    else
      unresolved.push_back(key);
    if (handles.state(key) == "to_pin") placeholders.push_back(key);
  }
  Judgement judgement;
  judgement.bodies.emplace_back(
      "m3a_handle_closure_snapshot.json",
      object({{"required_handles", Json(required_handles())},
              {"resolved_handles", resolved},
              {"unresolved_handles", Json(unresolved)},
              {"placeholder_handles", Json(placeholders)},
              {"source_class_by_handle", sources},
              {"verification_results", verification_results(*context.lane, blockers)},
              {"capability_lanes", capabilities},
              {"decision_completeness", settled_laws()}}));
  judgement.blockers = blockers.all();
  return judgement;
}

}  // namespace

const Lane& a_handle_closure() {
  static const Lane k_lane{
      {.lane = "M3.A",
       .letter = 'a',
       .slug = "handle-closure",
       .title = "Authority and handle closure",
       .reads = {},
       .artifacts = {{"m3a_handle_closure_snapshot.json",
                      {"required_handles", "resolved_handles", "unresolved_handles",
                       "placeholder_handles", "source_class_by_handle", "verification_results",
                       "capability_lanes", "overall_pass"}},
                     {"m3a_blocker_register.json", {"execution_id", "blocker_count", "blockers"}},
                     {"m3a_command_receipts.json", {"execution_id", "receipts"}}},
       .checks = {"M3A-V1-HANDLE-EXISTS", "M3A-V2-PLACEHOLDER-GUARD", "M3A-V3-M2-HANDOFF",
                  "M3A-V4-SFN-QUERY", "M3A-V5-EVIDENCE-BUCKET", "M3A-V6-CORE-OUTPUTS"},
       .blockers =
           {{"M3A-B1", Severity::k_s2, "M3-B1", "a required handle key is not in the registry"},
            {"M3A-B2", Severity::k_s2, "M3-B0.1", "a required handle is still TO_PIN"},
            {"M3A-B3", Severity::k_s2, "M3-B1",
             "the M2 hand-off receipt is missing, unreadable, or does not say ready"},
            {"M3A-B4", Severity::k_s2, "M3-B0", "the orchestrator cannot be reached or queried"},
            {"M3A-B5", Severity::k_s2, "M3-B5", "the evidence bucket or root cannot be reached"},
            {"M3A-B6", Severity::k_s2, "M3-B1",
             "stack outputs or a control-plane answer contradict a handle, or two pins of one "
             "handle disagree"},
            {"M3A-B7", Severity::k_s1, "M3-B9", "an M3.A artifact is missing or lacks a field"}},
       .codes = {.local_write = "M3A-B5",
                 .publish = "M3A-B5",
                 .read_back = "M3A-B5",
                 .incomplete = "M3A-B7",
                 .secret = "M3A-B7",
                 .missing_upstream = "M3A-B7"},
       .publish_check = "M3A-V5-EVIDENCE-BUCKET",
       .receipts_artifact = "m3a_command_receipts.json",
       .always_runs = false},
      gather,
      judge};
  return k_lane;
}

}  // namespace runpin
