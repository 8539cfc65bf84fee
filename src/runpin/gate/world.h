// What a lane may ask of the world while it gathers. Every call leaves a receipt by itself, under
// the check that is current. Made anew for each lane execution.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "runpin/base/instant.h"
#include "runpin/base/strong.h"
#include "runpin/gate/at_once.h"
#include "runpin/gate/footing.h"
#include "runpin/gate/recording.h"
#include "runpin/registry/registry.h"
#include "runpin/workspace/workspace.h"

namespace runpin {

// The adapters of one program run, wired in cli. Null pointers: that source is not configured.
struct Ports {
  EvidenceStore* store = nullptr;
  Orchestrator* orchestrator = nullptr;
  Documents* documents = nullptr;
  StackOutputs* stack_outputs = nullptr;
  LocalArtifacts* local = nullptr;
  CostSource* aws_cost = nullptr;
  CostSource* databricks_cost = nullptr;
  CallerIdentity* caller = nullptr;
  std::function<Sha256(ByteView)>
      digest;  // SHA-256; a port so that a defect of it can be shown to be caught
  // What does not verify in the evidence that `store` has of the run which attempt `newest` belongs
  // to, and which need not be complete: {kind, message, expected, found, where, is_doubt_only} of
  // the first finding; null where all of it does. A port, since what verifies stands above the
  // gate.
  std::function<Json(EvidenceStore& store, const ExecutionId& newest)> evidence_flaw;
  std::function<std::string()> nonce;           // 32 random hex digits
  std::function<void(const std::string&)> log;  // one line of progress for people; never evidence
  std::function<std::int64_t()>
      ticks;                           // monotonic milliseconds, for timings, which are no evidence
  AtOnce at_once = one_after_another;  // more than one thread only where every port above may be
                                       // called from several
};

class World {
 public:
  // `footing` null: the evidence before this lane is in durable storage already.
  World(const Ports& ports, const Workspace& workspace, const Registry& registry,
        const Footing* footing = nullptr);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Names the check that the calls from here on serve.
  void check(std::string check_id) { recorder_.begin_check(std::move(check_id)); }

  // Does `parts` at once where that is quicker, each in a World of its own that begins under the
  // current check. Receipts stand in the order of the parts, whichever ended first.
  void at_once(const std::vector<std::function<void(World&)>>& parts);

  // The facts that `gather(world, item)` gives of each item, as a list in the items' order.
  template <class Item, class Gather>
  Json for_each_at_once(const std::vector<Item>& items, Gather gather) {
    std::vector<Json> facts(items.size());
    std::vector<std::function<void(World&)>> parts;
    for (std::size_t i = 0; i < items.size(); ++i)
      parts.push_back([&, i](World& world) { facts[i] = gather(world, items[i]); });
    at_once(parts);
    return Json::Array(facts.begin(), facts.end());
  }

  // Its calls wait until the evidence before this lane is in durable storage.
  EvidenceStore& store() { return store_; }
  // The same store without that wait. Only for what the lane before does not write, and never to
  // write.
  EvidenceStore& store_meanwhile() { return store_meanwhile_; }
  Orchestrator& orchestrator() { return orchestrator_; }
  Documents& documents() { return documents_; }
  StackOutputs& stack_outputs() { return stack_outputs_; }
  Sha256 digest(ByteView bytes) const { return ports_.digest(bytes); }
  const Workspace& workspace() const { return workspace_; }
  const Registry& registry() const { return registry_; }

  // What the source billed in the window; k_not_found when runpin.toml names no such source.
  Result<CostAnswer> aws_billed(const CostWindow& window) {
    return billed(ports_.aws_cost, "cost.aws", window);
  }
  Result<CostAnswer> databricks_billed(const CostWindow& window) {
    return billed(ports_.databricks_cost, "cost.databricks", window);
  }

  // Whether there is a control plane that knows whose credentials this program runs with.
  bool has_caller() const { return ports_.caller != nullptr; }
  // REQUIRES: has_caller().
  Result<std::string> caller_arn() {
    return RecordingCaller(*ports_.caller, recorder_).caller_arn();
  }

  const std::vector<Receipt>& receipts() const { return recorder_.receipts(); }

 private:
  Result<CostAnswer> billed(CostSource* source, std::string_view setting, const CostWindow& window);

  const Ports& ports_;
  const Workspace& workspace_;
  const Registry& registry_;
  Recorder recorder_;
  const Footing* footing_;
  FootedStore footed_;
  RecordingStore store_;
  RecordingStore store_meanwhile_;
  RecordingOrchestrator orchestrator_;
  RecordingDocuments documents_;
  RecordingStackOutputs stack_outputs_;
};

}  // namespace runpin
