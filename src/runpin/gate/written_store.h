// The evidence store, with a memory of what was written through it, so that a run can be held
// against its own hands before it is closed. Threads: as the store below it.
#pragma once

#include <map>
#include <mutex>

#include "runpin/canon/digest.h"
#include "runpin/canon/json.h"
#include "runpin/gate/at_once.h"
#include "runpin/ports/evidence_store.h"

namespace runpin {

class WrittenStore final : public EvidenceStore {
 public:
  // `store` must outlive it; null: it must not be called.
  explicit WrittenStore(EvidenceStore* store) : store_(store) {}
  Result<PutResult> create(const ObjectToWrite& object) override;
  Result<std::vector<StoredObject>> publish(std::span<const ObjectToWrite> artifacts,
                                            const ObjectToWrite& marker,
                                            const CommitTerms& terms) override;
  Result<std::optional<StoredObject>> get(const ObjectKey& key) override {
    return store_->get(key);
  }
  Result<std::optional<ObjectHead>> head(const ObjectKey& key) override {
    return store_->head(key);
  }
  Result<std::vector<ObjectKey>> list(const std::string& prefix, std::size_t limit) override {
    return store_->list(prefix, limit);
  }
  Result<std::vector<ObjectVersion>> list_versions(const std::string& prefix) override {
    return store_->list_versions(prefix);
  }
  bool publishes_whole() const override { return store_->publishes_whole(); }
  Result<void> check_reachable() override { return store_->check_reachable(); }
  std::string name() const override { return store_->name(); }

  // The first object that does not stand as it was written, in the form of Ports::evidence_flaw;
  // null where all of them do. Reads each of them.
  Json first_change(const AtOnce& at_once);

 private:
  void remember(const ObjectToWrite& object);

  EvidenceStore* store_;
  std::mutex mutex_;  // guards written_
  std::map<ObjectKey, Sha256> written_;
};

}  // namespace runpin
