// Ports that leave a receipt for every call, so that no lane has to remember to.
#pragma once

#include <string>
#include <vector>

#include "runpin/gate/receipt.h"
#include "runpin/ports/caller_identity.h"
#include "runpin/ports/cost_source.h"
#include "runpin/ports/documents.h"
#include "runpin/ports/evidence_store.h"
#include "runpin/ports/orchestrator.h"

namespace runpin {

// Collects receipts under the check that is current. One a lane execution; not thread-safe.
class Recorder {
 public:
  void begin_check(std::string check_id) { check_id_ = std::move(check_id); }
  void succeeded(std::string operation, std::string target, std::string status);
  void absent(std::string operation, std::string target);
  void failed(std::string operation, std::string target, const Error& error);
  // Takes in receipts that another recorder collected.
  void append(const std::vector<Receipt>& receipts) {
    receipts_.insert(receipts_.end(), receipts.begin(), receipts.end());
  }
  const std::string& current_check() const { return check_id_; }
  const std::vector<Receipt>& receipts() const { return receipts_; }

 private:
  void add(std::string operation, std::string target, std::string outcome, std::string status);
  std::string check_id_;
  std::vector<Receipt> receipts_;
};

class RecordingStore final : public EvidenceStore {
 public:
  RecordingStore(EvidenceStore& store, Recorder& recorder) : store_(store), recorder_(recorder) {}
  Result<PutResult> create(const ObjectToWrite& object) override;
  Result<std::vector<StoredObject>> publish(std::span<const ObjectToWrite> artifacts,
                                            const ObjectToWrite& marker,
                                            const CommitTerms& terms) override;
  Result<std::optional<StoredObject>> get(const ObjectKey& key) override;
  Result<std::optional<ObjectHead>> head(const ObjectKey& key) override;
  Result<std::vector<ObjectKey>> list(const std::string& prefix, std::size_t limit) override;
  Result<std::vector<ObjectVersion>> list_versions(const std::string& prefix) override;
  Result<void> check_reachable() override;
  std::string name() const override { return store_.name(); }

 private:
  EvidenceStore& store_;
  Recorder& recorder_;
};

class RecordingOrchestrator final : public Orchestrator {
 public:
  RecordingOrchestrator(Orchestrator& orchestrator, Recorder& recorder)
      : orchestrator_(orchestrator), recorder_(recorder) {}
  Result<std::vector<StateMachineRef>> list_state_machines() override;
  Result<StateMachine> describe(const std::string& arn) override;
  Result<std::vector<OrchestratorExecution>> list_running(const std::string& arn,
                                                          const NameSettles& settles) override;
  std::string name() const override { return orchestrator_.name(); }

 private:
  Orchestrator& orchestrator_;
  Recorder& recorder_;
};

class RecordingDocuments final : public Documents {
 public:
  RecordingDocuments(Documents& documents, Recorder& recorder)
      : documents_(documents), recorder_(recorder) {}
  Result<Bytes> read(const std::string& path) override;
  Result<void> check_appendable(const std::string& path) override;
  Result<void> append_once(const std::string& path, ByteView marker, ByteView note) override;

 private:
  Documents& documents_;
  Recorder& recorder_;
};

class RecordingStackOutputs final : public StackOutputs {
 public:
  RecordingStackOutputs(StackOutputs& outputs, Recorder& recorder)
      : outputs_(outputs), recorder_(recorder) {}
  Result<std::vector<StackOutput>> read(const std::string& source) override;

 private:
  StackOutputs& outputs_;
  Recorder& recorder_;
};

class RecordingCostSource final : public CostSource {
 public:
  RecordingCostSource(CostSource& source, Recorder& recorder)
      : source_(source), recorder_(recorder) {}
  Result<CostAnswer> billed(const CostWindow& window) override;
  std::string name() const override { return source_.name(); }

 private:
  CostSource& source_;
  Recorder& recorder_;
};

class RecordingCaller final : public CallerIdentity {
 public:
  RecordingCaller(CallerIdentity& caller, Recorder& recorder)
      : caller_(caller), recorder_(recorder) {}
  Result<std::string> caller_arn() override;
  std::string name() const override { return caller_.name(); }

 private:
  CallerIdentity& caller_;
  Recorder& recorder_;
};

}  // namespace runpin
