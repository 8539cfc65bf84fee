// M3.C: the payload and its digest. What changes between M3.B and M3.C is what it is there for.
#include "runpin/lanes/lanes.h"
#include "tests/faults/fault_row.h"

namespace runpin::testing {
namespace {

constexpr const char* k_manifest = "inputs/input_manifest.json";

std::vector<FaultRow> contract_faults() {
  return {
      {.code = "M3C-B1",
       .severity = "S2",
       .phase = "M3-B3",
       .fault = "a required output loses its sort key after M3.B",
       .where = "@ORACLE_SORT_KEY_BY_OUTPUT_ID",
       .fix = "add \"parcel_scans_3A\"",
       .after = 'b',
       .inject = [](Platform& p) { p.pin("ORACLE_SORT_KEY_BY_OUTPUT_ID", R"({"other": "a"})"); }},
      {.code = "M3C-B1",
       .severity = "S2",
       .phase = "M3-B3",
       .fault = "the oracle manifest is gone after M3.B",
       .where = k_manifest,
       .fix = "put the manifest there, or correct inputs.oracle_manifest in runpin.toml",
       .after = 'b',
       .inject = [](Platform& p) { p.remove(k_manifest); }},
      {.code = "M3C-B1",
       .severity = "S2",
       .phase = "M3-B3",
       .fault = "the oracle input moves to another bucket after M3.B",
       .where = "runpin.toml:11:27",
       .fix = "write the manifest's real URI into inputs.oracle_manifest.uri",
       .after = 'b',
       .inject = [](Platform& p) { p.pin("ORACLE_STORE_BUCKET", "\"elsewhere\""); }},
      {.code = "M3C-B2",
       .severity = "S1",
       .phase = "M3-B3",
       .exit = 4,
       .fault = "the canonicalization mode is one that nobody knows",
       .where = "@SCENARIO_EQUIVALENCE_KEY_CANONICALIZATION_MODE",
       .fix = "in the registry, pin SCENARIO_EQUIVALENCE_KEY_CANONICALIZATION_MODE to "
              "\"json_sorted_keys_v1\"",
       .after = 'b',
       .inject =
           [](Platform& p) {
             p.pin("SCENARIO_EQUIVALENCE_KEY_CANONICALIZATION_MODE", "\"json_as_it_comes\"");
           }},
      {.code = "M3C-B3",
       .severity = "S2",
       .phase = "M3-B3",
       .fault = "the digest algorithm is another",
       .where = "@CONFIG_DIGEST_ALGO",
       .fix = "in the registry, pin CONFIG_DIGEST_ALGO to \"sha256\"",
       .after = 'b',
       .inject = [](Platform& p) { p.pin("CONFIG_DIGEST_ALGO", "\"md5\""); }},
      {.code = "M3C-B3",
       .severity = "S2",
       .phase = "M3-B3",
       .fault = "the digest's field has another name",
       .where = "@CONFIG_DIGEST_FIELD",
       .fix = "in the registry, pin CONFIG_DIGEST_FIELD to \"config_digest\"",
       .after = 'b',
       .inject = [](Platform& p) { p.pin("CONFIG_DIGEST_FIELD", "\"settings_digest\""); }},
  };
}

std::vector<FaultRow> digest_faults() {
  return {
      {.code = "M3C-B4",
       .severity = "S1",
       .phase = "M3-B3",
       .exit = 4,
       .fault = "the oracle manifest changes between M3.B and M3.C",
       .where = k_manifest,
       .fix = "runpin run: a change of identity or configuration needs a new run",
       .after = 'b',
       .inject = [](Platform& p) { p.replace(k_manifest, "\"row_count\": 1", "\"row_count\": 2"); },
       .mend = [](Platform&) {}},
      {.code = "M3C-B4",
       .severity = "S1",
       .phase = "M3-B3",
       .exit = 4,
       .fault = "a sort key changes between M3.B and M3.C",
       .where = "evidence/run_control/m3b_{base}/m3b_run_identity_seed.json",
       .fix = "runpin run: a change of identity or configuration needs a new run",
       .after = 'b',
       .prepare = [](Platform& p) { p.replace(k_manifest, "\"sort_key\"", "\"sorted_by\""); },
       .inject =
           [](Platform& p) { p.replace("handles.registry.md", "scanned_at_utc", "seen_at_utc"); },
       .mend = [](Platform&) {}},
      {.code = "M3C-B4",
       .severity = "S1",
       .phase = "M3-B3",
       .exit = 4,
       .fault = "the config digest comes out differently the second time",
       .where = "evidence/run_control/m3c_{stamp}/m3c_run_config_digest_snapshot.json",
       .fix = "report this as a defect of runpin, then runpin run",
       .after = 'b',
       .inject =
           [](Platform& p) {
             p.faults.wrong_digests.push_back([](int call) { return call == 2; });
           }},
      {.code = "M3C-B5",
       .severity = "S1",
       .phase = "M3-B3",
       .exit = 4,
       .fault = "a secret in the oracle manifest",
       .where = std::string(k_manifest) + ":2:20",
       .fix = "take the secret out of the manifest, rotate it, then runpin run",
       .inject =
           [](Platform& p) {
             p.replace(k_manifest, "\"generated_at_utc\": \"",
                       "\"generated_by\": \"" + a_secret() + "\",\n  \"generated_at_utc\": \"");
           }},
  };
}

std::vector<FaultRow> publication_faults() {
  return {
      {.code = "M3C-B6",
       .severity = "S2",
       .phase = "M3-B5",
       .fault = "the evidence store is full when M3.C publishes",
       .where = ".runpin/platform.db",
       .fix = "then runpin resume",
       .inject = [](Platform& p) { fill_disk_for(p, 'c'); }},
      {.code = "M3C-B1",
       .severity = "S2",
       .phase = "M3-B3",
       .exit = 4,
       .fault = "an artifact of M3.B is deleted before M3.C reads it",
       .where = "evidence/run_control/m3b_{base}/m3b_execution_summary.json",
       .fix = "runpin run: committed evidence is never mended in place",
       .after = 'b',
       .inject = [](Platform& p) { p.delete_object(p.key('b', "m3b_run_identity_seed.json")); },
       .also = {"M3I-B1"}},
      {.code = "M3C-B7",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "a defect leaves a field out of an M3.C artifact",
       .where = "m3c_run_config_payload.json",
       .fix = "report this as a defect of runpin, then runpin run",
       .inject = [](Platform& p) { give_judge(p, 'c', forgetful_judge<c_config_digest>); }},
  };
}

}  // namespace

std::vector<FaultRow> c_faults() {
  std::vector<FaultRow> all;
  for (const auto& part : {contract_faults(), digest_faults(), publication_faults()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace runpin::testing
