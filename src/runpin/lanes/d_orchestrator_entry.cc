// M3.D: the orchestrator can be entered, runs as the pinned role, and nothing else runs or holds
// the claim under this run's id.
#include <fmt/format.h>

#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "runpin/gate/facts.h"
#include "runpin/gate/handles.h"
#include "runpin/gate/layout.h"
#include "runpin/lanes/lanes.h"

namespace runpin {
namespace {

constexpr std::string_view k_machine = "SFN_PLATFORM_RUN_ORCHESTRATOR_V0";
constexpr std::string_view k_authority = "SR_READY_COMMIT_AUTHORITY";
constexpr std::string_view k_role = "ROLE_STEP_FUNCTIONS_ORCHESTRATOR";
constexpr std::string_view k_env_key = "REQUIRED_PLATFORM_RUN_ID_ENV_KEY";
constexpr std::string_view k_root = "S3_EVIDENCE_RUN_ROOT_PATTERN";

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// True when `text` speaks of `id`, and not only of another run whose id begins with it ("…Z_01").
bool mentions(std::string_view text, std::string_view id) {
  for (auto at = text.find(id); at != std::string_view::npos; at = text.find(id, at + 1)) {
    const std::string_view rest = text.substr(at + id.size());
    const auto digit = [&](std::size_t i) {
      return i < rest.size() && rest[i] >= '0' && rest[i] <= '9';
    };
    const bool other_suffix =
        rest.starts_with('_') && digit(1) && digit(2) && (rest.size() == 3 || !is_word(rest[3]));
    if (!other_suffix) return true;
  }
  return false;
}

// Which executions run under this id, by name or by what their input says; the inputs themselves
// stay out.
Json running_facts(const std::vector<OrchestratorExecution>& running, const std::string& id) {
  Json conflicts = Json::Array{};
  for (const OrchestratorExecution& execution : running) {
    const bool by_name = mentions(execution.name, id);
    const auto input = read_json(execution.input, "input");
    const bool by_input =
        mentions(execution.input, id) || (input && mentions(canonical(*input), id));
    if (by_name || by_input)
      conflicts.push(object({{"execution_arn", execution.arn},
                             {"name", execution.name},
                             {"found_in", by_name ? "name" : "input"}}));
  }
  return object({{"running", running.size()}, {"conflicting", conflicts}});
}

// `running` is null where there is not one machine to ask about.
struct MachineFacts {
  Json machine;
  Json running;
};

// The machine of that name, and what runs on it under this id.
MachineFacts gather_machine(World& world, const std::string& name, const std::string& id) {
  world.check("M3D-V2-SFN-EXISTS");
  const auto machines = world.orchestrator().list_state_machines();
  if (!machines) return {fact_of(machines.error()), {}};
  std::vector<std::string> arns;
  for (const StateMachineRef& machine : *machines)
    if (machine.name == name) arns.push_back(machine.arn);
  if (arns.size() != 1) return {fact_of(object({{"arns", Json(arns)}})), {}};
  MachineFacts facts;
  world.at_once(
      {[&](World& w) {
         w.check("M3D-V3-SFN-DESCRIBE");
         facts.machine = fact_of(w.orchestrator().describe(arns.front()), [&](const auto& m) {
           return object({{"arns", Json(arns)}, {"role_arn", m.role_arn}, {"status", m.status}});
         });
       },
       [&](World& w) {
         w.check("M3D-V5-RUN-LOCK-CHECK");
         const auto running = w.orchestrator().list_running(
             arns.front(), [&](const std::string& of) { return mentions(of, id); });
         facts.running = fact_of(running, [&](const auto& all) { return running_facts(all, id); });
       }});
  return facts;
}

Json gather_claim(World& world, const std::string& root, const std::string& id) {
  const ObjectKey key(replace_all(root, "{platform_run_id}", id) + std::string(k_claim_name));
  const auto claim = world.store_meanwhile().get(key);
  if (!claim) return fact_of(claim.error());
  if (!*claim) return fact_of(object({{"key", key.str()}, {"holder", nullptr}}));
  const auto body = read_json((*claim)->bytes, key.str());
  return fact_of(object({{"key", key.str()}, {"holder", body ? (*body)["execution_id"] : Json()}}));
}

Facts gather(const LaneContext&, const Upstream& up, World& world) {
  Facts facts = Json::Object{};
  world.check("M3D-V1-HANDLE-CONTRACT");
  facts.set("handles", gather_handles(world, {std::string(k_machine), std::string(k_authority),
                                              std::string(k_role), std::string(k_env_key),
                                              std::string(k_root)}));
  const HandleFacts handles(facts["handles"]);
  const std::string& id =
      up.artifact("M3.B", "m3b_run_identity_seed.json")["platform_run_id"].text();
  MachineFacts machine;
  Json claim;
  world.at_once({[&](World& w) {
                   if (handles.resolved(k_machine))
                     machine = gather_machine(w, handles.text(k_machine), id);
                 },
                 [&](World& w) {
                   w.check("M3D-V5-RUN-LOCK-CHECK");
                   if (handles.resolved(k_root)) claim = gather_claim(w, handles.text(k_root), id);
                 }});
  facts.set("machine", machine.machine);
  facts.set("running", machine.running);
  facts.set("claim", claim);
  facts.set("orchestrator", world.orchestrator().name());
  return facts;
}

void judge_handles(const HandleFacts& handles, Blockers& blockers) {
  for (const std::string_view key : {k_machine, k_authority, k_role, k_root})
    if (!handles.resolved(key)) blockers.raise("M3D-B1", handles.explain(key));
  if (handles.resolved(k_authority) && handles.text(k_authority) != "step_functions_only")
    blockers.raise("M3D-B1", handles.explain_value(k_authority, "\"step_functions_only\""));
  if (!handles.resolved(k_env_key))
    blockers.raise("M3D-B5", handles.explain(k_env_key));
  else if (handles.text(k_env_key).empty())
    blockers.raise("M3D-B5", handles.explain_value(k_env_key, "\"REQUIRED_PLATFORM_RUN_ID\""));
}

void judge_machine(const HandleFacts& handles, const Facts& facts, Blockers& blockers) {
  if (!handles.resolved(k_machine)) return;
  const std::string& name = handles.text(k_machine);
  const Fact machine(facts["machine"]);
  const std::string create = fmt::format(
      "create it (embedded: runpin orchestrator create {}), or correct {}", name, k_machine);
  if (machine.failed()) {
    blockers.raise("M3D-B2", {"the state machine cannot be queried", "an answer about " + name,
                              machine.failure(), facts["orchestrator"].text(),
                              "bring the orchestrator up, then runpin resume"});
    return;
  }
  const auto arns = machine.value["arns"].strings().value_or(std::vector<std::string>{});
  if (arns.size() != 1) {
    blockers.raise(
        "M3D-B2",
        {"the state machine's name does not lead to one ARN",
         "exactly one state machine named " + name,
         arns.empty() ? "none" : fmt::format("{}: {}", arns.size(), join(arns, ", ")),
         handles.where(k_machine), arns.empty() ? create : "delete or rename all but one of them"});
    return;
  }
  if (machine.value["status"].text() != "ACTIVE")
    blockers.raise("M3D-B2", {"the state machine is not active", "status ACTIVE",
                              "status " + machine.value["status"].text(), arns.front(),
                              "wait until it is gone, then " + create});
  if (handles.resolved(k_role) && machine.value["role_arn"] != handles.value(k_role))
    blockers.raise(
        "M3D-B3",
        {"the state machine runs as another role than the pinned one", handles.text(k_role),
         machine.value["role_arn"].text(), arns.front(),
         fmt::format("update the state machine's role, or pin {} to the role it should have",
                     k_role)});
}

void judge_lock(const LaneContext&, const Upstream& up, const Facts& facts, Blockers& blockers) {
  const Fact running(facts["running"]);
  if (running.failed())
    blockers.raise("M3D-B2",
                   {"the running executions cannot be listed",
                    "an answer from " + facts["orchestrator"].text(), running.failure(),
                    facts["orchestrator"].text(), "bring the orchestrator up, then runpin resume"});
  for (const Json& conflict : running.value["conflicting"].items())
    blockers.raise(
        "M3D-B4",
        {"another execution is RUNNING under this run's id",
         "no running execution that names the id",
         fmt::format("{}, by its {}", conflict["name"].text(), conflict["found_in"].text()),
         conflict["execution_arn"].text(),
         fmt::format("wait for it to end, or stop it (embedded: runpin orchestrator stop {})",
                     conflict["name"].text())});
  if (facts["claim"].is_null()) return;
  const Fact claim(facts["claim"]);
  const std::string& pin = up.lane("M3.B").execution_id.str();
  if (claim.failed())
    blockers.raise("M3D-B4", {"the run's claim cannot be read", "a claim held by " + pin,
                              claim.failure(), claim.error["where"].text(),
                              "bring the evidence store back, then runpin resume"});
  else if (claim.value["holder"].text() != pin)
    blockers.raise(
        "M3D-B4",
        {"the run's claim is not held by this pin", pin,
         claim.value["holder"].is_null() ? "no claim" : claim.value["holder"].text(),
         claim.value["key"].text(), "runpin run: a claim is never released or rewritten"});
}

Judgement judge(const LaneContext& context, const Upstream& up, const Facts& facts) {
  const HandleFacts handles(facts["handles"]);
  const Json& seed = up.artifact("M3.B", "m3b_run_identity_seed.json");
  Blockers blockers(*context.lane);
  judge_handles(handles, blockers);
  judge_machine(handles, facts, blockers);
  judge_lock(context, up, facts, blockers);

  const Json& machine = facts["machine"]["value"];
  const Json& running = facts["running"]["value"];
  const auto arns = machine["arns"].strings().value_or(std::vector<std::string>{});
  const bool aligned = handles.resolved(k_role) && machine["role_arn"] == handles.value(k_role);
  Judgement judgement;
  judgement.platform_run_id = seed["platform_run_id"];
  judgement.bodies.emplace_back(
      "m3d_orchestrator_entry_readiness_snapshot.json",
      object({{"scenario_run_id", seed["scenario_run_id"]},
              {"resolved_state_machine_name", handles.value(k_machine)},
              {"resolved_state_machine_arn", arns.size() == 1 ? Json(arns.front()) : Json()},
              {"sr_ready_commit_authority", handles.value(k_authority)},
              {"required_platform_run_id_env_key", handles.value(k_env_key)},
              {"configured_role_arn", machine["role_arn"]},
              {"expected_role_arn", handles.value(k_role)},
              {"role_alignment_pass", aligned}}));
  judgement.bodies.emplace_back(
      "m3d_run_lock_posture_snapshot.json",
      object({{"lock_identity_key", seed["platform_run_id"]},
              {"running_execution_count", running["running"]},
              {"conflicting_execution_count",
               running.is_null() ? Json() : Json(running["conflicting"].items().size())},
              {"conflicting_executions", running["conflicting"]},
              {"claim_key", facts["claim"]["value"]["key"]},
              {"claim_holder", facts["claim"]["value"]["holder"]}}));
  judgement.blockers = blockers.all();
  return judgement;
}

}  // namespace

const Lane& d_orchestrator_entry() {
  static const Lane k_lane{
      {.lane = "M3.D",
       .letter = 'd',
       .slug = "orchestrator-entry",
       .title = "Orchestrator entry and run lock",
       .reads = {"M3.A", "M3.B", "M3.C"},
       .artifacts = {{"m3d_orchestrator_entry_readiness_snapshot.json",
                      {"platform_run_id", "scenario_run_id", "resolved_state_machine_name",
                       "resolved_state_machine_arn", "sr_ready_commit_authority",
                       "required_platform_run_id_env_key", "configured_role_arn",
                       "expected_role_arn", "role_alignment_pass", "overall_pass"}},
                     {"m3d_run_lock_posture_snapshot.json",
                      {"platform_run_id", "lock_identity_key", "running_execution_count",
                       "conflicting_execution_count", "conflicting_executions", "claim_key",
                       "claim_holder", "overall_pass"}},
                     {"m3d_command_receipts.json", {"execution_id", "receipts"}}},
       .checks = {"M3D-V1-HANDLE-CONTRACT", "M3D-V2-SFN-EXISTS", "M3D-V3-SFN-DESCRIBE",
                  "M3D-V4-ROLE-ALIGN", "M3D-V5-RUN-LOCK-CHECK", "M3D-V6-EVIDENCE-PUBLISH"},
       .blockers =
           {{"M3D-B1", Severity::k_s2, "M3-B4",
             "an orchestrator or lock handle is missing or unresolved"},
            {"M3D-B2", Severity::k_s2, "M3-B4",
             "the state machine is not found, not unique, not active, or cannot be queried"},
            {"M3D-B3", Severity::k_s2, "M3-B4",
             "the state machine's role is not ROLE_STEP_FUNCTIONS_ORCHESTRATOR"},
            {"M3D-B4", Severity::k_s2, "M3-B4",
             "another execution is RUNNING for this platform_run_id, or the claim is held by "
             "another pin"},
            {"M3D-B5", Severity::k_s2, "M3-B4", "the run-scope environment key is missing"},
            {"M3D-B6", Severity::k_s2, "M3-B5",
             "a durable artifact could not be published or read back"},
            {"M3D-B7", Severity::k_s1, "M3-B9", "an M3.D artifact is missing or lacks a field"}},
       .codes = {.local_write = "M3D-B6",
                 .publish = "M3D-B6",
                 .read_back = "M3D-B6",
                 .incomplete = "M3D-B7",
                 .secret = "M3D-B7",
                 .missing_upstream = "M3D-B7"},
       .publish_check = "M3D-V6-EVIDENCE-PUBLISH",
       .receipts_artifact = "m3d_command_receipts.json",
       .always_runs = false},
      gather,
      judge};
  return k_lane;
}

}  // namespace runpin
