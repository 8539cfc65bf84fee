// The evidence of one run as the store has it at one time, each object read once; what verify does
// beyond reading works on this alone, and so is pure. It is a store itself, so that the gate's own
// readers read from it; it never writes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "runpin/gate/at_once.h"
#include "runpin/ports/evidence_store.h"

namespace runpin {

class EvidenceSnapshot final : public EvidenceStore {
 public:
  // Borrows `store`.
  EvidenceSnapshot(EvidenceStore& store, AtOnce at_once)
      : store_(store), at_once_(std::move(at_once)) {}

  // Takes in every version under `prefix`, no object. What was listed before under it is replaced.
  Result<void> list_from_store(const std::string& prefix);
  // Reads what was not read yet, at once. Errors are kept, and come from get().
  void read_from_store(const std::vector<ObjectKey>& keys);
  // The keys that were listed under `prefix`, delete markers among them.
  std::vector<ObjectKey> keys_under(const std::string& prefix) const;
  // Of what was listed.
  bool is_listed(const ObjectKey& key) const { return versions_.contains(key.str()); }
  // Whether the store gave no answer about an object that was asked for.
  bool is_silent(const std::string& key) const;
  // Objects and bytes that were read.
  std::size_t objects() const;
  std::size_t bytes() const;

  // An object that was not read yet is read from the store.
  Result<std::optional<StoredObject>> get(const ObjectKey& key) override;
  Result<std::optional<ObjectHead>> head(const ObjectKey& key) override;
  // Of what was listed.
  Result<std::vector<ObjectKey>> list(const std::string& prefix, std::size_t limit) override;
  Result<std::vector<ObjectVersion>> list_versions(const std::string& prefix) override;
  bool publishes_whole() const override { return store_.publishes_whole(); }
  Result<void> check_reachable() override { return store_.check_reachable(); }
  std::string name() const override { return store_.name(); }

  // Defects: verify never writes.
  Result<PutResult> create(const ObjectToWrite& object) override;
  Result<std::vector<StoredObject>> publish(std::span<const ObjectToWrite> artifacts,
                                            const ObjectToWrite& marker,
                                            const CommitTerms& terms) override;

 private:
  EvidenceStore& store_;
  AtOnce at_once_;
  std::map<std::string, std::vector<ObjectVersion>> versions_;
  std::map<ObjectKey, Result<std::optional<StoredObject>>> objects_;
};

}  // namespace runpin
