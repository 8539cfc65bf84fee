// M3.G: reruns, resets, and evidence that must stay as it is.
#include "runpin/canon/json_writer.h"
#include "runpin/lanes/lanes.h"
#include "tests/faults/fault_row.h"

namespace runpin::testing {
namespace {

constexpr const char* k_runbook = "docs/run_process_flow.md";
constexpr const char* k_manifest = "inputs/input_manifest.json";
constexpr const char* k_new_run = "runpin run: committed evidence is never mended in place";

std::vector<FaultRow> runbook_faults() {
  return {
      {.code = "M3G-B1",
       .severity = "S2",
       .phase = "M3-B7",
       .fault = "the runbook does not forbid deleting evidence",
       .where = k_runbook,
       .fix = "write the law into docs/run_process_flow.md: Never rerun by deleting",
       .inject =
           [](Platform& p) { p.replace(k_runbook, "Never rerun by", "Try not to rerun by"); }},
      {.code = "M3G-B1",
       .severity = "S2",
       .phase = "M3-B7",
       .fault = "the runbook permits a fourth reset class",
       .where = std::string(k_runbook) + ":23",
       .fix = "list exactly service/runtime reset, checkpoint reset and data replay reset",
       .inject =
           [](Platform& p) {
             p.replace(k_runbook, "2. checkpoint reset", "2. database reset\n2. checkpoint reset");
           }},
      {.code = "M3G-B1",
       .severity = "S2",
       .phase = "M3-B7",
       .fault = "the runbook is gone after M3.F",
       .where = k_runbook,
       .fix = "point inputs.runbook at the runbook",
       .after = 'f',
       .inject = [](Platform& p) { p.remove(k_runbook); }},
  };
}

std::vector<FaultRow> drift_faults() {
  return {
      {.code = "M3G-B2",
       .severity = "S1",
       .phase = "M3-B7",
       .exit = 4,
       .fault = "the oracle manifest changes after M3.F, and is put back",
       .where = "evidence/run_control/m3b_{base}/m3b_run_identity_seed.json",
       .fix = "restore the inputs, then runpin reset record --class C",
       .after = 'f',
       .inject = [](Platform& p) { p.replace(k_manifest, "row_count", "rows"); }},
      {.code = "M3G-B2",
       .severity = "S1",
       .phase = "M3-B7",
       .exit = 4,
       .fault = "a handle of the identity changes after M3.F",
       .where = "evidence/run_control/m3b_{base}/m3b_run_identity_seed.json",
       .fix = "or runpin run for a new identity",
       .after = 'f',
       .inject = [](Platform& p) { p.pin("ORACLE_ENGINE_RUN_ID", "\"depot-sim-0043\""); }},
  };
}

std::vector<FaultRow> mutation_faults() {
  return {
      {.code = "M3G-B3",
       .severity = "S1",
       .phase = "M3-B7",
       .exit = 4,
       .fault = "the run header is deleted",
       .where = "evidence/runs/{run}/run_pin/run_header.json",
       .fix = k_new_run,
       .after = 'f',
       .inject =
           [](Platform& p) {
             p.delete_object("evidence/runs/" + p.run_id() + "/run_pin/run_header.json");
           }},
      {.code = "M3G-B3",
       .severity = "S1",
       .phase = "M3-B7",
       .exit = 4,
       .fault = "run.json gets a second version",
       .where = "evidence/runs/{run}/run.json",
       .fix = k_new_run,
       .after = 'f',
       .inject =
           [](Platform& p) {
             const std::string key = "evidence/runs/" + p.run_id() + "/run.json";
             p.put(key, p.durable().at(key));
           }},
      {.code = "M3G-B3",
       .severity = "S1",
       .phase = "M3-B7",
       .exit = 4,
       .fault = "the claim gets a delete marker",
       .where = "evidence/runs/{run}/run_pin/claim.json",
       .fix = k_new_run,
       .after = 'f',
       .inject =
           [](Platform& p) {
             p.sql("INSERT INTO objects (key, version, is_delete_marker) VALUES (?, 2, 1)",
                   {"evidence/runs/" + p.run_id() + "/run_pin/claim.json"});
           }},
      {.code = "M3G-B3",
       .severity = "S1",
       .phase = "M3-B7",
       .exit = 4,
       .fault = "an artifact of M3.D is deleted before M3.G reads it",
       .where = "evidence/run_control/m3d_{base}/m3d_execution_summary.json",
       .fix = k_new_run,
       .after = 'f',
       .inject = [](Platform& p) { p.delete_object(p.key('d', "m3d_command_receipts.json")); },
       .also = {"M3I-B1"}},
      {.code = "M3G-B3",
       .severity = "S1",
       .phase = "M3-B7",
       .exit = 4,
       .fault = "the versions cannot be listed",
       .where = "evidence/runs/{run}/",
       .fix = "bring the evidence store back, then runpin reset record --class C",
       .inject =
           [](Platform& p) {
             p.faults.refusals.push_back({[](std::string_view operation, const std::string& key) {
                                            return operation == "list_versions" &&
                                                   key.starts_with("evidence/runs/");
                                          },
                                          {ErrorKind::k_denied, "access denied", "", ""}});
           }},
  };
}

// A receipt as another tool might write it, for the newest attempt.
void record_reset(Platform& platform, const std::string& reset_class, const std::string& actor) {
  const std::string id = "reset_" + platform.next_stamp();
  constexpr std::size_t k_stamp = sizeof "20260223T174307Z" - 1;
  const Instant attempted =
      *Instant::parse_stamp(std::string_view(platform.stamp()).substr(0, k_stamp));
  platform.put("evidence/run_control/" + id + "/reset_receipt.json",
               pretty(object({{"receipt_id", id},
                              {"class", reset_class},
                              {"actor", actor},
                              {"reason", "the inputs were put back"},
                              {"scope", "M3.G"},
                              {"recorded_at_utc", attempted.rfc3339()},
                              {"answers_execution_id", "m3g_" + platform.stamp()}})));
}

// A run that stands at NO_GO, its fault gone, and one whole receipt that lets it go on.
void come_to_a_reset(Platform& platform) {
  platform.replace(k_manifest, "row_count", "rows");
  platform.resume();
  platform.undo();
  if (platform.command({"reset", "record", "--class", "data_replay_reset", "--actor", "on-duty",
                        "--reason", "the manifest was put back", "--scope", "M3.G"}) != 0)
    throw std::runtime_error("reset record");
}

std::vector<FaultRow> reset_faults() {
  return {
      {.code = "M3G-B4",
       .severity = "S2",
       .phase = "M3-B7",
       .fault = "a reset of a class that nobody permits is on record",
       .where = "{receipt}",
       .fix = "runpin reset record --class C --actor A --reason R --scope S --adjudicates reset_",
       .after = 'f',
       .prepare = come_to_a_reset,
       .inject = [](Platform& p) { record_reset(p, "wipe_the_database", "on-duty"); }},
      {.code = "M3G-B5",
       .severity = "S2",
       .phase = "M3-B7",
       .fault = "a reset without actor is on record",
       .where = "{receipt}",
       .fix = "runpin reset record --class C --actor A --reason R --scope S --adjudicates reset_",
       .after = 'f',
       .prepare = come_to_a_reset,
       .inject = [](Platform& p) { record_reset(p, "checkpoint_reset", ""); }},
      {.code = "M3G-B5",
       .severity = "S2",
       .phase = "M3-B7",
       .fault = "a reset receipt is cut off",
       .where = "{receipt}",
       .fix = "runpin reset record --class C --actor A --reason R --scope S --adjudicates reset_",
       .inject =
           [](Platform& p) {
             const std::string key =
                 "evidence/run_control/reset_" + p.next_stamp() + "/reset_receipt.json";
             p.put(key, "{\"actor\": \"on-du");
             p.on_undo([&p, key] { p.delete_object(key); });
           },
       .mend = [](Platform&) {}},
      {.code = "M3G-B5",
       .severity = "S2",
       .phase = "M3-B7",
       .fault = "the reset receipts cannot be read",
       .where = "evidence/run_control/",
       .fix = "bring the evidence store back, then runpin resume",
       .after = 'f',
       .prepare = come_to_a_reset,
       .inject =
           [](Platform& p) {
             p.faults.refusals.push_back(
                 {[reads = 0](std::string_view operation, const std::string& key) mutable {
                    return operation == "get" && key.find("/reset_") != std::string::npos &&
                           ++reads > 1;
                  },
                  {ErrorKind::k_unavailable, "no answer within 10 s", "evidence/run_control/",
                   ""}});
           }},
      {.code = "M3G-B6",
       .severity = "S2",
       .phase = "M3-B7",
       .fault = "a fallback needs no new execution id",
       .where = "@RUNTIME_FALLBACK_REQUIRES_NEW_PHASE_EXECUTION_ID",
       .fix = "pin RUNTIME_FALLBACK_REQUIRES_NEW_PHASE_EXECUTION_ID to true",
       .inject =
           [](Platform& p) { p.pin("RUNTIME_FALLBACK_REQUIRES_NEW_PHASE_EXECUTION_ID", "false"); }},
      {.code = "M3G-B6",
       .severity = "S2",
       .phase = "M3-B7",
       .fault = "the receipt that let the run go on has vanished again",
       .where = "{base}",
       .fix = "runpin reset record --class C --actor A --reason R --scope S --adjudicates {base}",
       .after = 'f',
       .prepare = come_to_a_reset,
       .inject =
           [](Platform& p) {
             // Read once by resume, and gone when M3.G lists the receipts.
             p.faults.lies.push_back([](StoredObject& object, int read) {
               if (object.key.str().find("/reset_") != std::string::npos && read > 1)
                 object.bytes = "{\"answers_execution_id\": \"m3g_x\"}";
             });
           }},
  };
}

std::vector<FaultRow> publication_faults() {
  return {
      {.code = "M3G-B7",
       .severity = "S2",
       .phase = "M3-B5",
       .fault = "the evidence store is full when M3.G publishes",
       .where = ".runpin/platform.db",
       .fix = "then runpin resume",
       .inject = [](Platform& p) { fill_disk_for(p, 'g'); }},
      {.code = "M3G-B8",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "a defect leaves a field out of an M3.G artifact",
       .where = "m3g_rerun_reset_policy_snapshot.json",
       .fix = "report this as a defect of runpin, then runpin run",
       .inject = [](Platform& p) { give_judge(p, 'g', forgetful_judge<g_rerun_discipline>); }},
  };
}

}  // namespace

std::vector<FaultRow> g_faults() {
  std::vector<FaultRow> all;
  for (const auto& part :
       {runbook_faults(), drift_faults(), mutation_faults(), reset_faults(), publication_faults()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace runpin::testing
