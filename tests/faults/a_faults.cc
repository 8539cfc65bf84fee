// M3.A: handles, M2 hand-off, orchestrator and evidence store.
#include "runpin/lanes/lanes.h"
#include "tests/faults/fault_row.h"

namespace runpin::testing {
namespace {

constexpr const char* k_registry = "handles.registry.md";
constexpr const char* k_receipt = "inputs/m2j_m3_entry_readiness_receipt.json";
constexpr const char* k_database = ".runpin/platform.db";

void lose_database(Platform& platform) {
  const auto file = platform.root() / k_database;
  std::filesystem::rename(file, file.string() + ".away");
  platform.on_undo([file] { std::filesystem::rename(file.string() + ".away", file); });
}

void make_database_read_only(Platform& platform) {
  namespace fs = std::filesystem;
  const auto file = platform.root() / k_database;
  fs::permissions(file, fs::perms(0444));
  fs::permissions(file.parent_path(), fs::perms(0555));
  platform.on_undo([file] {
    fs::permissions(file.parent_path(), fs::perms(0755));
    fs::permissions(file, fs::perms(0644));
  });
  platform.faults.unprivileged = true;
}

std::vector<FaultRow> handle_faults() {
  return {
      {.code = "M3A-B1",
       .severity = "S2",
       .phase = "M3-B1",
       .fault = "a required handle is renamed",
       .where = k_registry,
       .fix = "add a line * `EVIDENCE_RUN_JSON_KEY",
       .inject =
           [](Platform& p) { p.replace(k_registry, "EVIDENCE_RUN_JSON_KEY", "EVIDENCE_RUN_KEY"); }},
      {.code = "M3A-B1",
       .severity = "S2",
       .phase = "M3-B1",
       .fault = "a capability lane has neither handle nor source",
       .where = k_registry,
       .fix = "pin SECRETS_BACKEND in the registry",
       .inject =
           [](Platform& p) {
             p.drop_handle("SECRETS_BACKEND");
             p.drop_handle("SECRETS_PLAINTEXT_OUTPUT_ALLOWED");
           }},
      {.code = "M3A-B2",
       .severity = "S2",
       .phase = "M3-B0.1",
       .fault = "a required handle is still TO_PIN",
       .where = "@ROLE_TERRAFORM_APPLY_DEV_FULL",
       .fix = "pin ROLE_TERRAFORM_APPLY_DEV_FULL to its real value in the registry",
       .inject = [](Platform& p) { p.pin("ROLE_TERRAFORM_APPLY_DEV_FULL", "\"TO_PIN\""); }},
      {.code = "M3A-B2",
       .severity = "S2",
       .phase = "M3-B0.1",
       .fault = "a required handle is empty",
       .where = "@S3_EVIDENCE_BUCKET",
       .fix = "pin S3_EVIDENCE_BUCKET to its real value in the registry",
       .inject = [](Platform& p) { p.pin("S3_EVIDENCE_BUCKET", "\"\""); }},
  };
}

std::vector<FaultRow> receipt_faults() {
  return {
      {.code = "M3A-B3",
       .severity = "S2",
       .phase = "M3-B1",
       .fault = "the M2 receipt is missing",
       .where = k_receipt,
       .fix =
           "put M2's receipt there, or point inputs.m2_receipt at the receipt of a closed M2 run",
       .inject = [](Platform& p) { p.remove(k_receipt); }},
      {.code = "M3A-B3",
       .severity = "S2",
       .phase = "M3-B1",
       .fault = "the M2 receipt is cut off",
       .where = std::string(k_receipt) + ":5:7",
       .fix = "copy the receipt again, whole and as M2 wrote it",
       .inject = [](Platform& p) { p.write(k_receipt, p.read(k_receipt).substr(0, 90)); }},
      {.code = "M3A-B3",
       .severity = "S2",
       .phase = "M3-B1",
       .fault = "the M2 receipt says not ready",
       .where = k_receipt,
       .fix = "point inputs.m2_receipt at the receipt of a closed M2 run",
       .inject = [](Platform& p) { p.replace(k_receipt, "_ready\": true", "_ready\": false"); }},
      {.code = "M3A-B3",
       .severity = "S2",
       .phase = "M3-B1",
       .fault = "the receipt is one of another phase",
       .where = k_receipt,
       .fix = "point inputs.m2_receipt at the receipt of a closed M2 run",
       .inject = [](Platform& p) { p.replace(k_receipt, "\"M2\"", "\"M1\""); }},
  };
}

std::vector<FaultRow> surface_faults() {
  return {
      {.code = "M3A-B4",
       .severity = "S2",
       .phase = "M3-B0",
       .fault = "the orchestrator's database is gone",
       .where = "sqlite:.runpin/orchestrator.db",
       .fix = "restore it",
       .inject =
           [](Platform& p) {
             p.replace("runpin.toml", "kind = \"sqlite:.runpin/platform.db\"",
                       "kind = \"sqlite:.runpin/orchestrator.db\"");
           }},
      {.code = "M3A-B4",
       .severity = "S2",
       .phase = "M3-B0",
       .fault = "the orchestrator has no state machine",
       .where = "sqlite:.runpin/platform.db",
       .fix = "create it (embedded: runpin orchestrator create kestrel-parcel-platform-run-v0)",
       .inject = [](Platform& p) { change_machines(p, "DELETE FROM state_machines"); },
       .mend = [](Platform&) {}},
      {.code = "M3A-B5",
       .severity = "S2",
       .phase = "M3-B5",
       .fault = "the evidence store is gone",
       .where = "sqlite:.runpin/platform.db",
       .fix = "restore it from a backup, or make a new workspace elsewhere with runpin init, then "
              "runpin run",
       .inject =
           [](Platform& p) {
             p.replace("runpin.toml", "kind = \"sqlite:.runpin/platform.db\"",
                       "kind = \"sqlite:.runpin/orchestrator.db\"");
             const auto file = p.root() / k_database;
             const auto other = p.root() / ".runpin/orchestrator.db";
             std::filesystem::copy_file(file, other);
             p.on_undo([other] { std::filesystem::remove(other); });
             lose_database(p);
           },
       .also = {"M3I-B7", "M3J-B7"}},
      {.code = "M3A-B5",
       .severity = "S2",
       .phase = "M3-B5",
       .fault = "the evidence store is read-only",
       .where = "sqlite:.runpin/platform.db",
       .fix = "then runpin run",
       .inject = make_database_read_only,
       .also = {"M3A-B4", "M3I-B7", "M3J-B7"}},
      {.code = "M3A-B5",
       .severity = "S2",
       .phase = "M3-B5",
       .fault = "the evidence store is full",
       .where = ".runpin/platform.db",
       .fix = "then runpin resume",
       .inject = [](Platform& p) { fill_disk_for(p, 'a'); }},
      {.code = "M3A-B5",
       .severity = "S2",
       .phase = "M3-B5",
       .fault = "the local root cannot take M3.A's artifacts",
       .where = "runs/dev_substrate/dev_full/m3/m3a_{stamp}",
       .fix = "move it away, then runpin resume",
       .inject =
           [](Platform& p) {
             p.write("runs/dev_substrate/dev_full/m3/m3a_" + p.next_stamp(), "in the way");
           }},
  };
}

std::vector<FaultRow> contradictions() {
  return {
      {.code = "M3A-B6",
       .severity = "S2",
       .phase = "M3-B1",
       .fault = "a required handle is pinned twice, to two values",
       .where = "@S3_EVIDENCE_BUCKET",
       .fix = "leave one value for S3_EVIDENCE_BUCKET",
       .inject =
           [](Platform& p) {
             p.write(k_registry, p.read(k_registry) + "* `S3_EVIDENCE_BUCKET = \"another\"`\n");
           }},
      {.code = "M3A-B6",
       .severity = "S2",
       .phase = "M3-B1",
       .fault = "any other handle is pinned twice, to two values",
       .where = "@EKS_CLUSTER_NAME",
       .fix = "leave one value for EKS_CLUSTER_NAME",
       .inject =
           [](Platform& p) {
             p.write(k_registry, p.read(k_registry) + "* `EKS_CLUSTER_NAME = \"another\"`\n");
           }},
      {.code = "M3A-B6",
       .severity = "S2",
       .phase = "M3-B1",
       .fault = "a stack output says another value than the handle",
       .where = "@AWS_REGION",
       .fix = "pin AWS_REGION to what the stack really has",
       .inject =
           [](Platform& p) { p.replace("inputs/core.outputs.json", "eu-central-1", "eu-west-1"); }},
      {.code = "M3A-B6",
       .severity = "S2",
       .phase = "M3-B1",
       .fault = "the stack outputs are cut off",
       .where = "inputs/core.outputs.json:2:1",
       .fix = "write the outputs again",
       .inject = [](Platform& p) { p.write("inputs/core.outputs.json", "{\n"); }},
      {.code = "M3A-B6",
       .severity = "S2",
       .phase = "M3-B1",
       .fault = "no stack outputs are named",
       .where = "runpin.toml",
       .fix = "[inputs] stack_outputs = [\"inputs/core.outputs.json\"]",
       .inject =
           [](Platform& p) {
             p.replace("runpin.toml",
                       "[\"inputs/core.outputs.json\", \"inputs/runtime.outputs.json\"]", "[]");
             p.replace("runpin.toml", "\"output:role_step_functions_orchestrator_arn\"",
                       "\"registry\"");
           }},
      {.code = "M3A-B6",
       .severity = "S2",
       .phase = "M3-B1",
       .fault = "no stack output names a handle",
       .where = "runpin.toml",
       .fix = "S3_EVIDENCE_BUCKET = \"output:NAME\"",
       .inject =
           [](Platform& p) {
             for (const char* name : {"core", "runtime"})
               p.write("inputs/" + std::string(name) + ".outputs.json",
                       R"({"a": {"sensitive": false, "value": 1}})");
             p.replace("runpin.toml", "\"output:role_step_functions_orchestrator_arn\"",
                       "\"registry\"");
           }},
      {
          .code = "M3A-B6",
          .severity = "S2",
          .phase = "M3-B1",
          .fault = "two stacks give one output two values",
          .where = "inputs/core.outputs.json and inputs/runtime.outputs.json",
          .fix = "leave one of the two out of inputs.stack_outputs",
          .inject =
              [](Platform& p) {
                p.replace("inputs/core.outputs.json", "\"private_subnet_count\"",
                          "\"role_step_functions_orchestrator_arn\"");
              },
      },
      {.code = "M3A-B6",
       .severity = "S2",
       .phase = "M3-B1",
       .fault = "a second pin whose key only looks like the handle's",
       .where = std::string(k_registry) + ":234:4",
       .fix = "write the line as * `KEY = VALUE`, KEY of A to Z",
       .inject =
           [](Platform& p) {
             p.write(k_registry,
                     p.read(k_registry) + "* `S3_EVIDENCE_BUCK\u0415T = \"another\"`\n");
           }},
      {.code = "M3A-B6",
       .severity = "S2",
       .phase = "M3-B1",
       .fault = "the secrets posture allows plain text",
       .where = "@SECRETS_PLAINTEXT_OUTPUT_ALLOWED",
       .fix = "pin SECRETS_PLAINTEXT_OUTPUT_ALLOWED to false",
       .inject = [](Platform& p) { p.pin("SECRETS_PLAINTEXT_OUTPUT_ALLOWED", "true"); }},
      {.code = "M3A-B6",
       .severity = "S2",
       .phase = "M3-B1",
       .fault = "the run root is no folder of the run's own",
       .where = "@S3_EVIDENCE_RUN_ROOT_PATTERN",
       .fix = "pin S3_EVIDENCE_RUN_ROOT_PATTERN to",
       .inject = [](Platform& p) { p.pin("S3_EVIDENCE_RUN_ROOT_PATTERN", "\"evidence/runs/\""); }},
  };
}

std::vector<FaultRow> unfit_artifacts() {
  return {
      {.code = "M3A-B7",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "a secret in a required handle",
       .where = "@REQUIRED_PLATFORM_RUN_ID_ENV_KEY",
       .fix = "pin the secret's path for REQUIRED_PLATFORM_RUN_ID_ENV_KEY instead",
       .inject =
           [](Platform& p) { p.pin("REQUIRED_PLATFORM_RUN_ID_ENV_KEY", '"' + a_secret() + '"'); }},
      {.code = "M3A-B7",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "a secret in any other handle",
       .where = "=SSM_IG_API_KEY_PATH",
       .fix = "write the secret's path for SSM_IG_API_KEY_PATH instead",
       .inject = [](Platform& p) { p.pin("SSM_IG_API_KEY_PATH", '"' + a_secret() + '"'); }},
      {.code = "M3A-B7",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "a secret in a handle's note",
       .where = "=TF_LOCK_TABLE",
       .fix = "write the secret's path for TF_LOCK_TABLE instead",
       .inject =
           [](Platform& p) {
             p.replace(k_registry, "-tf-locks\"`", "-tf-locks\"` " + a_secret());
           }},
      {.code = "M3A-B7",
       .severity = "S1",
       .phase = "M3-B9",
       .exit = 4,
       .fault = "a defect leaves a field out of an M3.A artifact",
       .where = "m3a_handle_closure_snapshot.json",
       .fix = "report this as a defect of runpin, then runpin run",
       .inject = [](Platform& p) { give_judge(p, 'a', forgetful_judge<a_handle_closure>); }},
  };
}

}  // namespace

std::vector<FaultRow> a_faults() {
  std::vector<FaultRow> all;
  for (const auto& part :
       {handle_faults(), receipt_faults(), surface_faults(), contradictions(), unfit_artifacts()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace runpin::testing
