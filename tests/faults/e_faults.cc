// M3.E: run.json and the run header, written once.
#include "runpin/base/bytes.h"
#include "runpin/lanes/lanes.h"
#include "tests/faults/fault_row.h"

namespace runpin::testing {
namespace {

constexpr const char* k_run_json = "evidence/runs/{run}/run.json";
constexpr const char* k_run_header = "evidence/runs/{run}/run_pin/run_header.json";
constexpr const char* k_new_run = "runpin run: committed evidence is never mended in place";

bool is_run_json(const std::string& key) {
  return key.ends_with("/run.json");
}

std::vector<FaultRow> key_faults() {
  return {
      {.code = "M3E-B2",
       .severity = "S2",
       .phase = "M3-B5",
       .fault = "run.json's key is not the run's own",
       .where = "@EVIDENCE_RUN_JSON_KEY",
       .fix = "pin EVIDENCE_RUN_JSON_KEY to a key of the run's own",
       .inject = [](Platform& p) { p.pin("EVIDENCE_RUN_JSON_KEY", "\"evidence/runs/run.json\""); }},
      {.code = "M3E-B2",
       .severity = "S2",
       .phase = "M3-B5",
       .fault = "the header's key holds a token that nobody fills in",
       .where = "@RUN_PIN_PATH_PATTERN",
       .fix = "pin RUN_PIN_PATH_PATTERN to a key of the run's own",
       .inject =
           [](Platform& p) {
             p.pin("RUN_PIN_PATH_PATTERN", "\"evidence/runs/{platform_run_id}/{depot}.json\"");
           }},
      {.code = "M3E-B2",
       .severity = "S2",
       .phase = "M3-B5",
       .fault = "run.json and the header have one key",
       .where = "@RUN_PIN_PATH_PATTERN",
       .fix = "pin RUN_PIN_PATH_PATTERN to a key of its own",
       .inject =
           [](Platform& p) {
             p.pin("RUN_PIN_PATH_PATTERN", "\"evidence/runs/{platform_run_id}/run.json\"");
           }},
  };
}

std::vector<FaultRow> write_faults() {
  return {
      {.code = "M3E-B3",
       .severity = "S1",
       .phase = "M3-B5",
       .exit = 4,
       .fault = "another object stands at run.json's key",
       .where = k_run_json,
       .fix = "runpin run: what stands there is never overwritten",
       .after = 'd',
       .inject = [](Platform& p) { p.put("evidence/runs/" + p.run_id() + "/run.json", "{}\n"); }},
      {.code = "M3E-B3",
       .severity = "S1",
       .phase = "M3-B5",
       .exit = 4,
       .fault = "another object stands at the header's key",
       .where = k_run_header,
       .fix = "runpin run: what stands there is never overwritten",
       .after = 'd',
       .inject =
           [](Platform& p) {
             p.put("evidence/runs/" + p.run_id() + "/run_pin/run_header.json", "{}\n");
           }},
      {.code = "M3E-B4",
       .severity = "S2",
       .phase = "M3-B5",
       .fault = "the evidence store is full when run.json is written",
       .where = k_run_json,
       .fix = "bring the evidence store back, then runpin resume",
       .inject =
           [](Platform& p) {
             p.faults.full.push_back([](std::string_view operation, const std::string& key) {
               return operation == "create" && is_run_json(key);
             });
           }},
      {.code = "M3E-B4",
       .severity = "S2",
       .phase = "M3-B5",
       .fault = "the evidence store is full when M3.E publishes",
       .where = ".runpin/platform.db",
       .fix = "then runpin resume",
       .inject = [](Platform& p) { fill_disk_for(p, 'e'); }},
      {.code = "M3E-B5",
       .severity = "S1",
       .phase = "M3-B5",
       .exit = 4,
       .fault = "the store gives other bytes back than it took",
       .where = k_run_json,
       .fix = "runpin probe-store before trusting the store again, then runpin run",
       .inject =
           [](Platform& p) {
             p.faults.lies.push_back([](StoredObject& object, int) {
               if (is_run_json(object.key.str())) object.bytes += " ";
             });
           }},
      {.code = "M3E-B6",
       .severity = "S1",
       .phase = "M3-B5",
       .exit = 4,
       .fault = "run.json names another scenario when it is read again",
       .where = k_run_json,
       .fix = k_new_run,
       .inject =
           [](Platform& p) {
             p.faults.lies.push_back([](StoredObject& object, int read) {
               if (is_run_json(object.key.str()) && read > 1)
                 object.bytes = replace_all(object.bytes, "scenario_", "scenari0_");
             });
           }},
  };
}

std::vector<FaultRow> evidence_faults() {
  return {
      {.code = "M3E-B1",
       .severity = "S1",
       .phase = "M3-B5",
       .exit = 4,
       .fault = "an artifact of M3.C is deleted before M3.E reads it",
       .where = "evidence/run_control/m3c_{base}/m3c_execution_summary.json",
       .fix = k_new_run,
       .after = 'd',
       .inject = [](Platform& p) { p.delete_object(p.key('c', "m3c_run_config_payload.json")); },
       .also = {"M3I-B1"}},
      {.code = "M3E-B7",
       .severity = "S1",
       .phase = "M3-B5",
       .exit = 4,
       .fault = "a secret is forged into the seed that run.json is made of",
       .where = k_run_json,
       .fix = "take the secret out of the registry, rotate it, then runpin run",
       .after = 'd',
       .inject =
           [](Platform& p) {
             p.forge('b', "m3b_run_identity_seed.json", [](Json& seed) {
               seed.set("scenario_equivalence_payload", object({{"note", a_secret()}}));
             });
           },
       .also = {"M3I-B4"}},
      {.code = "M3E-B8",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "a defect leaves a field out of an M3.E artifact",
       .where = "m3e_run_json_write_receipt.json",
       .fix = "report this as a defect of runpin, then runpin run",
       .inject = [](Platform& p) { give_judge(p, 'e', forgetful_judge<e_run_evidence>); }},
  };
}

}  // namespace

std::vector<FaultRow> e_faults() {
  std::vector<FaultRow> all;
  for (const auto& part : {key_faults(), write_faults(), evidence_faults()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace runpin::testing
