// M3.D: the orchestrator, its role, and who else runs under this run's id.
#include "runpin/lanes/lanes.h"
#include "tests/faults/fault_row.h"

namespace runpin::testing {
namespace {

constexpr const char* k_arn =
    "arn:aws:states:eu-central-1:111122223333:stateMachine:kestrel-parcel-platform-run-v0";
constexpr const char* k_execution_arn =
    "arn:aws:states:eu-central-1:111122223333:execution:kestrel-parcel-platform-run-v0:";
constexpr const char* k_claim = "evidence/runs/{run}/run_pin/claim.json";

void start_execution(Platform& platform, const std::string& name, const std::string& input) {
  if (platform.command({"orchestrator", "start", name, "--input", input}) != 0)
    throw std::runtime_error("cannot start " + name);
}

std::vector<FaultRow> handle_faults() {
  return {
      {.code = "M3D-B1",
       .severity = "S2",
       .phase = "M3-B4",
       .fault = "the orchestrator's role is still TO_PIN",
       .where = "@ROLE_STEP_FUNCTIONS_ORCHESTRATOR",
       .fix = "pin ROLE_STEP_FUNCTIONS_ORCHESTRATOR to its real value in the registry",
       .inject = [](Platform& p) { p.pin("ROLE_STEP_FUNCTIONS_ORCHESTRATOR", "\"TO_PIN\""); }},
      {.code = "M3D-B1",
       .severity = "S2",
       .phase = "M3-B4",
       .fault = "somebody else may commit READY",
       .where = "@SR_READY_COMMIT_AUTHORITY",
       .fix = "pin SR_READY_COMMIT_AUTHORITY to \"step_functions_only\"",
       .inject = [](Platform& p) { p.pin("SR_READY_COMMIT_AUTHORITY", "\"anyone\""); }},
      {.code = "M3D-B5",
       .severity = "S2",
       .phase = "M3-B4",
       .fault = "the run-scope environment key is gone after M3.C",
       .where = "handles.registry.md",
       .fix = "add a line * `REQUIRED_PLATFORM_RUN_ID_ENV_KEY",
       .after = 'c',
       .inject = [](Platform& p) { p.drop_handle("REQUIRED_PLATFORM_RUN_ID_ENV_KEY"); }},
  };
}

std::vector<FaultRow> machine_faults() {
  return {
      {.code = "M3D-B2",
       .severity = "S2",
       .phase = "M3-B4",
       .fault = "the state machine is missing",
       .where = "@SFN_PLATFORM_RUN_ORCHESTRATOR_V0",
       .fix = "runpin orchestrator create kestrel-parcel-platform-run-v0",
       .after = 'c',
       .inject = [](Platform& p) { change_machines(p, "DELETE FROM state_machines"); },
       .mend = [](Platform&) {}},
      {.code = "M3D-B2",
       .severity = "S2",
       .phase = "M3-B4",
       .fault = "two state machines have the name",
       .where = "@SFN_PLATFORM_RUN_ORCHESTRATOR_V0",
       .fix = "delete or rename all but one of them",
       .inject =
           [](Platform& p) {
             change_machines(
                 p,
                 "INSERT INTO state_machines SELECT replace(arn, 'eu-central-1', 'eu-west-1'),"
                 " name, role_arn, status, created_at FROM state_machines");
           },
       .mend =
           [](Platform& p) { p.sql("DELETE FROM state_machines WHERE arn LIKE '%eu-west-1%'"); }},
      {.code = "M3D-B2",
       .severity = "S2",
       .phase = "M3-B4",
       .fault = "the state machine is being deleted",
       .where = k_arn,
       .fix = "wait until it is gone, then create it (embedded: runpin orchestrator create",
       .inject =
           [](Platform& p) { change_machines(p, "UPDATE state_machines SET status = 'DELETING'"); },
       .mend = [](Platform& p) { p.sql("DELETE FROM state_machines"); }},
      {.code = "M3D-B2",
       .severity = "S2",
       .phase = "M3-B4",
       .fault = "the orchestrator is gone after M3.C",
       .where = "sqlite:.runpin/orchestrator.db",
       .fix = "bring the orchestrator up, then runpin resume",
       .after = 'c',
       .inject =
           [](Platform& p) {
             p.replace("runpin.toml", "kind = \"sqlite:.runpin/platform.db\"",
                       "kind = \"sqlite:.runpin/orchestrator.db\"");
           }},
      {.code = "M3D-B3",
       .severity = "S2",
       .phase = "M3-B4",
       .fault = "the state machine runs as another role",
       .where = k_arn,
       .fix = "update the state machine's role",
       .inject = change_role,
       .mend =
           [](Platform& p) {
             p.sql("UPDATE state_machines SET role_arn = ?",
                   {"arn:aws:iam::111122223333:role/kestrel-parcel-run-orchestrator"});
           }},
  };
}

std::vector<FaultRow> lock_faults() {
  return {
      {.code = "M3D-B4",
       .severity = "S2",
       .phase = "M3-B4",
       .fault = "another execution runs under this id by its name",
       .where = std::string(k_execution_arn) + "{run}",
       .fix = "runpin orchestrator stop {run}",
       .after = 'c',
       .inject = [](Platform& p) { start_execution(p, p.run_id(), "{}"); },
       .mend = [](Platform&) {}},
      {.code = "M3D-B4",
       .severity = "S2",
       .phase = "M3-B4",
       .fault = "another execution runs under this id by its input",
       .where = std::string(k_execution_arn) + "nightly",
       .fix = "runpin orchestrator stop nightly",
       .after = 'c',
       .inject =
           [](Platform& p) {
             start_execution(p, "nightly", "{\"scope\": {\"run\": \"" + p.run_id() + "\"}}");
           },
       .mend = [](Platform&) {}},
      {.code = "M3D-B4",
       .severity = "S2",
       .phase = "M3-B4",
       .fault = "the claim is held by another pin",
       .where = k_claim,
       .fix = "runpin run: a claim is never released or rewritten",
       .after = 'c',
       .inject =
           [](Platform& p) {
             const std::string key = "evidence/runs/" + p.run_id() + "/run_pin/claim.json";
             p.delete_object(key);
             p.put(key, "{\"execution_id\": \"m3b_20260101T000000Z\"}\n");
           }},
      {.code = "M3D-B4",
       .severity = "S2",
       .phase = "M3-B4",
       .fault = "the claim is gone",
       .where = k_claim,
       .fix = "runpin run: a claim is never released or rewritten",
       .after = 'c',
       .inject =
           [](Platform& p) {
             p.delete_object("evidence/runs/" + p.run_id() + "/run_pin/claim.json");
           }},
  };
}

std::vector<FaultRow> publication_faults() {
  return {
      {.code = "M3D-B6",
       .severity = "S2",
       .phase = "M3-B5",
       .fault = "the evidence store is full when M3.D publishes",
       .where = ".runpin/platform.db",
       .fix = "then runpin resume",
       .inject = [](Platform& p) { fill_disk_for(p, 'd'); }},
      {.code = "M3D-B7",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "an artifact of M3.C is rewritten before M3.D reads it",
       .where = "evidence/run_control/m3c_{base}/m3c_execution_summary.json",
       .fix = "runpin run: committed evidence is never mended in place",
       .after = 'c',
       .inject =
           [](Platform& p) {
             const std::string key = p.key('c', "m3c_run_config_digest_snapshot.json");
             const std::string bytes = p.durable().at(key);
             p.delete_object(key);
             p.put(key, bytes + "\n");
           },
       .also = {"M3I-B1"}},
      {.code = "M3D-B7",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "a defect leaves a field out of an M3.D artifact",
       .where = "m3d_orchestrator_entry_readiness_snapshot.json",
       .fix = "report this as a defect of runpin, then runpin run",
       .inject = [](Platform& p) { give_judge(p, 'd', forgetful_judge<d_orchestrator_entry>); }},
  };
}

}  // namespace

std::vector<FaultRow> d_faults() {
  std::vector<FaultRow> all;
  for (const auto& part : {handle_faults(), machine_faults(), lock_faults(), publication_faults()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace runpin::testing
