// M3.F: the hand-off pack.
#include "runpin/lanes/lanes.h"
#include "tests/faults/fault_row.h"

namespace runpin::testing {
namespace {

constexpr const char* k_runbook = "docs/run_process_flow.md";
constexpr const char* k_run_json = "evidence/runs/{run}/run.json";
constexpr const char* k_new_run = "runpin run: committed evidence is never mended in place";

std::vector<FaultRow> scope_faults() {
  return {
      {.code = "M3F-B2",
       .severity = "S2",
       .phase = "M3-B6",
       .fault = "the run-scope key changes after M3.E",
       .where = "@REQUIRED_PLATFORM_RUN_ID_ENV_KEY",
       .fix = "pin REQUIRED_PLATFORM_RUN_ID_ENV_KEY back and runpin resume",
       .after = 'e',
       .inject = [](Platform& p) { p.pin("REQUIRED_PLATFORM_RUN_ID_ENV_KEY", "\"RUN_ID\""); }},
      {.code = "M3F-B3",
       .severity = "S2",
       .phase = "M3-B6",
       .fault = "the registry names other correlation fields",
       .where = "@CORRELATION_REQUIRED_FIELDS",
       .fix = "pin CORRELATION_REQUIRED_FIELDS to \"platform_run_id,scenario_run_id,phase_id",
       .inject =
           [](Platform& p) {
             p.pin("CORRELATION_REQUIRED_FIELDS", "\"platform_run_id,trace_id\"");
           }},
      {.code = "M3F-B3",
       .severity = "S2",
       .phase = "M3-B6",
       .fault = "the runbook names other correlation fields",
       .where = std::string(k_runbook) + ":35",
       .fix = "write `platform_run_id,scenario_run_id,phase_id,event_id,runtime_lane,trace_id`",
       .inject = [](Platform& p) { p.replace(k_runbook, ",runtime_lane", ""); }},
  };
}

std::vector<FaultRow> reference_faults() {
  return {
      {.code = "M3F-B1",
       .severity = "S1",
       .phase = "M3-B6",
       .exit = 4,
       .fault = "an artifact of M3.D is deleted before M3.F reads it",
       .where = "evidence/run_control/m3d_{base}/m3d_execution_summary.json",
       .fix = k_new_run,
       .after = 'e',
       .inject = [](Platform& p) { p.delete_object(p.key('d', "m3d_command_receipts.json")); },
       .also = {"M3I-B1"}},
      {.code = "M3F-B4",
       .severity = "S2",
       .phase = "M3-B6",
       .fault = "run.json cannot be read for a while",
       .where = k_run_json,
       .fix = "bring the evidence store back, then runpin resume",
       .after = 'e',
       .inject =
           [](Platform& p) {
             p.faults.refusals.push_back(
                 {[](std::string_view operation, const std::string& key) {
                    return operation == "get" && key.ends_with("/run.json");
                  },
                  {ErrorKind::k_unavailable, "no answer within 10 s", "", ""}});
           }},
      {.code = "M3F-B4",
       .severity = "S2",
       .phase = "M3-B6",
       .fault = "run.json is deleted after M3.E",
       .where = k_run_json,
       .fix = k_new_run,
       .after = 'e',
       .inject = [](Platform& p) { p.delete_object("evidence/runs/" + p.run_id() + "/run.json"); }},
      {.code = "M3F-B4",
       .severity = "S2",
       .phase = "M3-B6",
       .fault = "run.json is rewritten after M3.E",
       .where = k_run_json,
       .fix = k_new_run,
       .after = 'e',
       .inject =
           [](Platform& p) {
             const std::string key = "evidence/runs/" + p.run_id() + "/run.json";
             p.delete_object(key);
             p.put(key, "{}\n");
           }},
  };
}

std::vector<FaultRow> publication_faults() {
  return {
      {.code = "M3F-B5",
       .severity = "S2",
       .phase = "M3-B5",
       .fault = "the evidence store is full when M3.F publishes",
       .where = ".runpin/platform.db",
       .fix = "then runpin resume",
       .inject = [](Platform& p) { fill_disk_for(p, 'f'); }},
      {.code = "M3F-B6",
       .severity = "S1",
       .phase = "M3-B6",
       .exit = 4,
       .fault = "the store gives another hand-off pack back than it took",
       .where = "evidence/run_control/m3f_{stamp}/m4_handoff_pack.json",
       .fix = "check the disk; nothing was kept, then runpin run",
       .inject =
           [](Platform& p) {
             p.faults.refusals.push_back(
                 {[](std::string_view operation, const std::string& key) {
                    return operation == "publish" && key.find("/m3f_") != std::string::npos;
                  },
                  {ErrorKind::k_mismatch, "the bytes read back are not the bytes written",
                   "evidence/run_control/m3f_" + p.next_stamp() + "/m4_handoff_pack.json",
                   "check the disk; nothing was kept"}});
           }},
      {.code = "M3F-B7",
       .severity = "S1",
       .phase = "M3-B6",
       .exit = 4,
       .fault = "a secret is forged into the receipt that the pack is made of",
       .where = "m4_handoff_pack.json:2:21",
       .fix = "take the secret out of the input that this field came from",
       .after = 'e',
       .inject =
           [](Platform& p) {
             p.forge('e', "m3e_run_json_write_receipt.json",
                     [](Json& receipt) { receipt.set("config_digest", a_secret()); });
           }},
      {.code = "M3F-B8",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "a defect leaves a field out of an M3.F artifact",
       .where = "m4_handoff_pack.json",
       .fix = "report this as a defect of runpin, then runpin run",
       .inject = [](Platform& p) { give_judge(p, 'f', forgetful_judge<f_handoff>); }},
  };
}

}  // namespace

std::vector<FaultRow> f_faults() {
  std::vector<FaultRow> all;
  for (const auto& part : {scope_faults(), reference_faults(), publication_faults()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace runpin::testing
