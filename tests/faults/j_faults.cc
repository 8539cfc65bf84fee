// M3.J: the last word. Whatever happened behind M3.I, nothing that is not whole may let M4 in.
#include "runpin/lanes/lanes.h"
#include "tests/faults/fault_row.h"

namespace runpin::testing {
namespace {

constexpr const char* k_new_run = "runpin run: committed evidence is never mended in place";
constexpr const char* k_defect = "report this as a defect of runpin, then runpin run";

std::vector<FaultRow> adjudication_faults() {
  return {
      {.code = "M3J-B1",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "the rollup's verdict is deleted",
       .where = "evidence/run_control/m3i_{base}/m3i_execution_summary.json",
       .fix = k_new_run,
       .after = 'i',
       .inject = [](Platform& p) { p.delete_object(p.key('i', "m3i_p1_verdict.json")); }},
      {.code = "M3J-B1",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "the rollup's verdict is a word of no vocabulary",
       .where = "evidence/run_control/m3i_{base}/m3i_execution_summary.json",
       .fix = k_new_run,
       .after = 'i',
       .inject =
           [](Platform& p) {
             p.forge('i', "m3i_p1_verdict.json",
                     [](Json& verdict) { verdict.set("verdict", "ADVANCE_ANYWAY"); });
           }},
      {.code = "M3J-B2",
       .severity = "S2",
       .phase = "M3-B9",
       .fault = "a lane is held",
       .where = "evidence/run_control/m3i_{stamp}/m3i_gate_rollup_matrix.json",
       .fix = "apply the fixes that runpin status lists, then runpin resume",
       .inject = change_role,
       .also = {"M3D-B3"}},
      {.code = "M3J-B3",
       .severity = "S2",
       .phase = "M3-B9",
       .fault = "a blocker is unresolved at closure",
       .where = "evidence/run_control/m3i_{stamp}/m3i_blocker_register.json",
       .fix = "apply the fixes that runpin status lists, then runpin resume",
       .inject = change_role,
       .also = {"M3D-B3"}},
      {.code = "M3J-B4",
       .severity = "S1",
       .phase = "M3-B6",
       .exit = 4,
       .fault = "the hand-off pack is deleted after M3.I",
       .where = "evidence/run_control/m3f_{base}/m4_handoff_pack.json",
       .fix = k_new_run,
       .after = 'i',
       .inject = [](Platform& p) { p.delete_object(p.key('f', "m4_handoff_pack.json")); },
       .also = {"M3J-B8"}},
      {.code = "M3J-B4",
       .severity = "S1",
       .phase = "M3-B6",
       .exit = 4,
       .fault = "the store gives another hand-off pack back than M3.F committed",
       .where = "evidence/run_control/m3f_{stamp}/m4_handoff_pack.json",
       .fix = k_new_run,
       .inject =
           [](Platform& p) {
             p.faults.lies.push_back([](StoredObject& object, int read) {
               if (object.key.str().ends_with("/m4_handoff_pack.json") && read > 1)
                 object.bytes += "\n";
             });
           }},
      {.code = "M3J-B5",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "the rollup is forged to hold the run for nothing",
       .where = "evidence/run_control/m3i_{base}/m3i_p1_verdict.json",
       .fix = k_new_run,
       .after = 'i',
       .inject =
           [](Platform& p) {
             p.forge('i', "m3i_p1_verdict.json",
                     [](Json& verdict) { verdict.set("verdict", "HOLD_REMEDIATE"); });
           }},
      {.code = "M3J-B5",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "the evidence of M3.F is forged after the rollup judged it",
       .where = "evidence/run_control/m3f_{base}/m3f_execution_summary.json",
       .fix = k_new_run,
       .after = 'i',
       .inject =
           [](Platform& p) {
             p.forge('f', "m4_handoff_pack.json", [](Json& pack) {
               pack.set("required_platform_run_id_env_value", "platform_20260101T000000Z");
             });
           }},
  };
}

std::vector<FaultRow> closure_faults() {
  return {
      {.code = "M3J-B5",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "a defect leaves a field out of m3_execution_summary.json",
       .where = "m3_execution_summary.json",
       .fix = k_defect,
       .inject = [](Platform& p) { give_judge(p, 'j', forgetful_judge<j_phase_verdict, 0>); }},
      {.code = "M3J-B6",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "a defect leaves a field out of m4_entry_readiness_receipt.json",
       .where = "m4_entry_readiness_receipt.json",
       .fix = k_defect,
       .inject = [](Platform& p) { give_judge(p, 'j', forgetful_judge<j_phase_verdict, 1>); }},
      {.code = "M3J-B6",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "the hand-off pack is forged to name no run-scope value",
       .where = "evidence/run_control/m3j_{stamp}/m4_entry_readiness_receipt.json",
       .fix = k_new_run,
       .after = 'i',
       .inject =
           [](Platform& p) {
             p.forge('f', "m4_handoff_pack.json",
                     [](Json& pack) { pack.set("required_platform_run_id_env_value", nullptr); });
             // The rollup's summary is made to agree, so that only the receipt can tell.
             const std::string sha = p.sha256_of(p.key('f', "m3f_execution_summary.json"));
             p.forge_summary('i', [&](Json& summary) {
               Json sources = Json::Array{};
               for (Json source : summary["sources"].items()) {
                 if (source["lane"].text() == "M3.F") source.set("summary_sha256", sha);
                 sources.push(std::move(source));
               }
               summary.set("sources", std::move(sources));
             });
           }},
      {.code = "M3J-B6",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "the path of a closure note holds a secret",
       .where = "m3j_execution_summary.json",
       .fix = "take the secret out of the input that this field came from",
       .inject =
           [](Platform& p) {
             p.write("docs/" + a_secret(), "");
             p.replace("runpin.toml", "docs/logbook.md", "docs/" + a_secret());
           }},
      {.code = "M3J-B7",
       .severity = "S2",
       .phase = "M3-B5",
       .fault = "a closure note's file is missing",
       .where = "docs/logbook.md",
       .fix = "make the file, or take it out of [closure] notes in runpin.toml",
       .inject = [](Platform& p) { p.remove("docs/logbook.md"); }},
      {.code = "M3J-B7",
       .severity = "S2",
       .phase = "M3-B5",
       .fault = "the evidence store is full when M3.J publishes",
       .where = ".runpin/platform.db",
       .fix = "then runpin resume",
       .inject = [](Platform& p) { fill_disk_for(p, 'j'); }},
      {.code = "M3J-B7",
       .severity = "S2",
       .phase = "M3-B5",
       .fault = "a file stands where M3.J's artifacts should go",
       .where = "runs/dev_substrate/dev_full/m3/m3j_{stamp}",
       .fix = "move it away, then runpin resume",
       .inject =
           [](Platform& p) {
             p.write("runs/dev_substrate/dev_full/m3/m3j_" + p.next_stamp(), "in the way");
           }},
      {.code = "M3J-B8",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "evidence of M3.D is deleted after the rollup advanced",
       .where = "evidence/run_control/m3i_{base}/m3i_p1_verdict.json",
       .fix = k_new_run,
       .after = 'i',
       .inject = [](Platform& p) { p.delete_object(p.key('d', "m3d_command_receipts.json")); }},
      {.code = "M3J-B8",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "a defect turns the verdict of a held run into an advance",
       .where = "m3_execution_summary.json",
       .fix = k_defect,
       .inject =
           [](Platform& p) {
             change_role(p);
             give_judge(p, 'j', credulous_judge<j_phase_verdict, 0>);
           },
       .also = {"M3D-B3"}},
      {.code = "M3J-B8",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "a defect turns the entry receipt of a held run into an advance",
       .where = "m4_entry_readiness_receipt.json",
       .fix = k_defect,
       .inject =
           [](Platform& p) {
             change_role(p);
             give_judge(p, 'j', credulous_judge<j_phase_verdict, 1>);
           },
       .also = {"M3D-B3"}},
  };
}

}  // namespace

std::vector<FaultRow> j_faults() {
  std::vector<FaultRow> all = adjudication_faults();
  for (const FaultRow& row : closure_faults()) all.push_back(row);
  return all;
}

}  // namespace runpin::testing
