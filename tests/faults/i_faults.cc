// M3.I: the rollup. It must not be fooled by lost, forged or contradicting evidence, nor by itself.
#include "runpin/base/bytes.h"
#include "runpin/lanes/lanes.h"
#include "tests/faults/fault_row.h"

namespace runpin::testing {
namespace {

constexpr const char* k_defect = "report this as a defect of runpin, then runpin run";

std::vector<FaultRow> evidence_faults() {
  return {
      {.code = "M3I-B1",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "an artifact of M3.E is deleted before M3.I reads it",
       .where = "evidence/run_control/m3e_{base}/m3e_execution_summary.json",
       .fix = "runpin run: committed evidence is never mended in place",
       .after = 'h',
       .inject =
           [](Platform& p) {
             p.delete_object(p.key('e', "m3e_integrity_readback_receipts.json"));
           }},
      {.code = "M3I-B2",
       .severity = "S2",
       .phase = "M3-B9",
       .fault = "a lane is held",
       .where = "evidence/run_control/m3d_{stamp}/m3d_execution_summary.json",
       .fix = "apply the fix of the blocker that holds it, then runpin resume",
       .inject = change_role,
       .also = {"M3D-B3"}},
      {.code = "M3I-B3",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "the store gives a blocker back with another severity",
       .where = "evidence/run_control/m3d_{stamp}/m3d_execution_summary.json",
       .fix = "runpin run with one version of runpin",
       .inject =
           [](Platform& p) {
             change_role(p);
             p.faults.lies.push_back([](StoredObject& object, int) {
               if (object.key.str().ends_with("/m3d_execution_summary.json"))
                 object.bytes = replace_all(object.bytes, "\"S2\"", "\"S1\"");
             });
           },
       .also = {"M3D-B3"}},
      {.code = "M3I-B4",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "the summary of M3.D is forged after others stood on it",
       .where = "evidence/run_control/m3d_{base}/m3d_execution_summary.json",
       .fix = "runpin run: the chain must stand on one set of evidence",
       .after = 'h',
       .inject =
           [](Platform& p) {
             p.forge_summary('d', [](Json& s) { s.set("ended_at_utc", "2026-01-01T00:00:00Z"); });
           }},
  };
}

std::vector<FaultRow> defects() {
  return {
      {.code = "M3I-B5",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "a defect leaves the unresolved set out of the register",
       .where = "m3i_blocker_register.json",
       .fix = k_defect,
       .inject = [](Platform& p) { give_judge(p, 'i', forgetful_judge<i_gate_rollup, 1>); }},
      {.code = "M3I-B6",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "the verdict comes out differently the second time",
       .where = "evidence/run_control/m3i_{stamp}/m3i_p1_verdict.json",
       .fix = k_defect,
       .after = 'h',
       .inject =
           [](Platform& p) {
             p.faults.wrong_digests.push_back([](int call) { return call == 2; });
           }},
      {.code = "M3I-B7",
       .severity = "S2",
       .phase = "M3-B5",
       .fault = "the evidence store is full when M3.I publishes",
       .where = ".runpin/platform.db",
       .fix = "then runpin resume",
       .inject = [](Platform& p) { fill_disk_for(p, 'i'); }},
      {.code = "M3I-B8",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "a defect turns the verdict of a held run into an advance",
       .where = "m3i_p1_verdict.json",
       .fix = k_defect,
       .inject =
           [](Platform& p) {
             change_role(p);
             give_judge(p, 'i', credulous_judge<i_gate_rollup, 2>);
           },
       .also = {"M3D-B3"}},
  };
}

}  // namespace

std::vector<FaultRow> i_faults() {
  std::vector<FaultRow> all = evidence_faults();
  for (const FaultRow& row : defects()) all.push_back(row);
  return all;
}

}  // namespace runpin::testing
