// M3.B: the run's id and the scenario's.
#include <stdexcept>

#include "runpin/lanes/lanes.h"
#include "tests/faults/fault_row.h"

namespace runpin::testing {
namespace {

constexpr std::int64_t k_year_10000 = 253'402'300'800;

const Instant k_busy_second = *Instant::parse_rfc3339("2026-02-23T17:44:07Z");

void exhaust_a_second(Platform& platform) {
  if (!platform.stamp().empty()) throw std::runtime_error("it is for platforms that never ran");
  platform.stuck_clock = k_busy_second;
  for (int i = 0; i < 21; ++i) platform.run('b');
  platform.stuck_clock.reset();
}

std::vector<FaultRow> identity_faults() {
  return {
      {.code = "M3B-B1",
       .severity = "S1",
       .phase = "M3-B2",
       .exit = 4,
       .fault = "the clock stands in the year 10000",
       .where = "m3b_run_id_generation_snapshot.json",
       .fix = "set the clock to a year from 0001 to 9999, then runpin run",
       .inject = [](Platform& p) { p.stuck_clock = Instant::from_unix_seconds(k_year_10000); }},
      {.code = "M3B-B2",
       .severity = "S2",
       .phase = "M3-B2",
       .fault = "21 runs have pinned this very second before",
       .where = "platform_{second}_20",
       .fix = "runpin resume a second later",
       .prepare = exhaust_a_second,
       .inject = [](Platform& p) { p.stuck_clock = k_busy_second; }},
      {.code = "M3B-B3",
       .severity = "S2",
       .phase = "M3-B3",
       .fault = "the derivation mode is one that nobody knows",
       .where = "@SCENARIO_RUN_ID_DERIVATION_MODE",
       .fix = "pin it to \"deterministic_hash_v1\"",
       .inject = [](Platform& p) { p.pin("SCENARIO_RUN_ID_DERIVATION_MODE", "\"random_v1\""); }},
      {.code = "M3B-B3",
       .severity = "S2",
       .phase = "M3-B3",
       .fault = "the equivalence key names an unknown field",
       .where = "@SCENARIO_EQUIVALENCE_KEY_CANONICAL_FIELDS",
       .fix = "name only oracle_input_manifest_uri",
       .inject =
           [](Platform& p) {
             p.pin("SCENARIO_EQUIVALENCE_KEY_CANONICAL_FIELDS", "\"config_digest,weather\"");
           }},
      {.code = "M3B-B3",
       .severity = "S2",
       .phase = "M3-B3",
       .fault = "the oracle manifest is missing",
       .where = "inputs/input_manifest.json",
       .fix = "put the manifest there, or correct inputs.oracle_manifest in runpin.toml",
       .inject = [](Platform& p) { p.remove("inputs/input_manifest.json"); }},
      {.code = "M3B-B3",
       .severity = "S2",
       .phase = "M3-B3",
       .fault = "the oracle manifest says nothing",
       .where = "inputs/input_manifest.json",
       .fix = "point inputs.oracle_manifest in runpin.toml at the manifest of the pinned input",
       .inject = [](Platform& p) { p.write("inputs/input_manifest.json", "{}\n"); }},
      {.code = "M3B-B3",
       .severity = "S2",
       .phase = "M3-B3",
       .fault = "the oracle manifest is of another engine run",
       .where = "inputs/input_manifest.json",
       .fix = "point inputs.oracle_manifest in runpin.toml at the manifest of the pinned input",
       .inject =
           [](Platform& p) {
             p.replace("inputs/input_manifest.json", "run_id\": \"depot-sim-0042",
                       "run_id\": \"depot-sim-0041");
           }},
      {.code = "M3B-B3",
       .severity = "S2",
       .phase = "M3-B3",
       .fault = "the oracle manifest's URI is the one that an empty workspace begins with",
       .where = "runpin.toml:11:27",
       .fix = "write the manifest's real URI into inputs.oracle_manifest.uri",
       .inject =
           [](Platform& p) {
             const std::string text = p.read("runpin.toml");
             const auto at = text.find("s3://");
             p.replace("runpin.toml", text.substr(at, text.find('"', at) - at),
                       "s3://example-object-store/oracle/input_manifest.json");
           }},
      {.code = "M3B-B3",
       .severity = "S2",
       .phase = "M3-B3",
       .fault = "a required output has no sort key",
       .where = "@ORACLE_SORT_KEY_BY_OUTPUT_ID",
       .fix = "add \"route_assignments_3B\"",
       .inject =
           [](Platform& p) {
             p.pin("ORACLE_SORT_KEY_BY_OUTPUT_ID",
                   R"({"parcel_scans_3A": "a", "delivery_outcomes_4A": "b"})");
           }},
      {.code = "M3B-B6",
       .severity = "S1",
       .phase = "M3-B3",
       .exit = 4,
       .fault = "the scenario id comes out differently the second time",
       .where = "evidence/run_control/m3b_{stamp}/m3b_run_identity_seed.json",
       .fix = "report this as a defect of runpin, then runpin run",
       .after = 'a',
       .inject =
           [](Platform& p) {
             p.faults.wrong_digests.push_back([](int call) { return call == 3; });
           }},
  };
}

std::vector<FaultRow> publication_faults() {
  return {
      {.code = "M3B-B4",
       .severity = "S2",
       .phase = "M3-B5",
       .fault = "a file stands where M3.B's artifacts should go",
       .where = "runs/dev_substrate/dev_full/m3/m3b_{stamp}",
       .fix = "move it away, then runpin resume",
       .inject =
           [](Platform& p) {
             p.write("runs/dev_substrate/dev_full/m3/m3b_" + p.next_stamp(), "in the way");
           }},
      {.code = "M3B-B5",
       .severity = "S2",
       .phase = "M3-B5",
       .fault = "the evidence store is full when M3.B publishes",
       .where = ".runpin/platform.db",
       .fix = "then runpin resume",
       .inject = [](Platform& p) { fill_disk_for(p, 'b'); }},
      {.code = "M3B-B5",
       .severity = "S2",
       .phase = "M3-B5",
       .fault = "the claim cannot be written",
       .where = ".runpin/platform.db",
       .fix = "bring the evidence store back, then runpin resume",
       .inject =
           [](Platform& p) {
             p.faults.full.push_back([](std::string_view operation, const std::string& key) {
               return operation == "create" && key.ends_with("/run_pin/claim.json");
             });
           }},
      {.code = "M3B-B7",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "an artifact of M3.A is deleted before M3.B reads it",
       .where = "evidence/run_control/m3a_{base}/m3a_execution_summary.json",
       .fix = "runpin run: committed evidence is never mended in place",
       .after = 'a',
       .inject =
           [](Platform& p) { p.delete_object(p.key('a', "m3a_handle_closure_snapshot.json")); },
       .also = {"M3I-B1"}},
      {.code = "M3B-B7",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "a secret in the manifest's URI would reach the seed",
       .where = "m3b_run_identity_seed.json:33:50",
       .fix =
           "take the secret out of the input that this field came from, rotate it, then runpin run",
       .inject =
           [](Platform& p) {
             p.replace("runpin.toml", "uri = \"s3://",
                       "uri = \"https://reader:" + a_secret() + "@");
           },
       .also = {"M3B-B3"}},
      {.code = "M3B-B7",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "a defect leaves a field out of an M3.B artifact",
       .where = "m3b_run_id_generation_snapshot.json",
       .fix = "report this as a defect of runpin, then runpin run",
       .inject = [](Platform& p) { give_judge(p, 'b', forgetful_judge<b_run_identity>); }},
  };
}

}  // namespace

std::vector<FaultRow> b_faults() {
  std::vector<FaultRow> all = identity_faults();
  for (const FaultRow& row : publication_faults()) all.push_back(row);
  return all;
}

}  // namespace runpin::testing
