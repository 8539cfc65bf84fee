#include "tests/tampering/finished_runs.h"

#include <functional>

#include "tests/support/verified.h"

namespace runpin::testing {
namespace {

constexpr const char* k_receipt = "inputs/m2j_m3_entry_readiness_receipt.json";
constexpr const char* k_manifest = "inputs/input_manifest.json";

using Story = std::function<void(Platform&)>;

void green(Platform& p) {
  p.run();
}

void resumed_twice(Platform& p) {
  p.pin("ROLE_STEP_FUNCTIONS_ORCHESTRATOR", "\"arn:aws:iam::000000000000:role/another\"");
  p.run();
  p.undo();
  p.write("docs/run_process_flow.md", "# nothing\n");
  p.resume();
  p.undo();
  p.resume();
}

void held(Platform& p) {
  p.pin("ROLE_STEP_FUNCTIONS_ORCHESTRATOR", "\"arn:aws:iam::000000000000:role/another\"");
  p.run();
  p.undo();
}

void no_go(Platform& p) {
  p.run('f');
  p.replace(k_manifest, "{", "{ ");
  p.resume();
  p.undo();
}

void held_before_its_claim(Platform& p) {
  p.replace(k_receipt, "\"m3_entry_ready\": true", "\"m3_entry_ready\": false");
  p.run();
  p.undo();
}

void green_to_f(Platform& p) {
  p.run('f');
}

FinishedRun finished(const std::string& name, const Story& story) {
  FinishedRun run;
  run.name = name;
  run.platform = std::make_shared<Platform>();
  run.platform->run();
  run.other = run.platform->durable();
  story(*run.platform);
  for (auto& [key, bytes] : run.platform->durable())
    if (!run.other.contains(key)) run.own[key] = bytes;
  const Verified sound = verify(run.platform->root());
  run.exit_code = sound.exit_code;
  run.root = sound.document["root"]["sha256"].text();
  run.has_claim = false;
  for (const auto& [key, bytes] : run.own)
    if (key.ends_with("/claim.json")) run.has_claim = true;
  return run;
}

}  // namespace

const std::vector<FinishedRun>& finished_runs() {
  static const std::vector<FinishedRun> k_runs{
      finished("green", green),
      finished("resumed twice", resumed_twice),
      finished("held", held),
      finished("at NO_GO", no_go),
      finished("held before its claim", held_before_its_claim),
      finished("green to M3.F", green_to_f)};
  return k_runs;
}

}  // namespace runpin::testing
