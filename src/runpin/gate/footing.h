// What a lane stands on while it gathers: the evidence of the lane before it, which may still be on
// its way into durable storage. Whatever a lane asks of the store, or writes to it, waits until
// that evidence is there; where it is not, the lane's calls fail, and what it gathered counts for
// nothing.
#pragma once

#include <future>
#include <utility>

#include "runpin/ports/evidence_store.h"

namespace runpin {

// One is settled by one thread, once, and waited for by any number.
class Footing {
 public:
  Footing() : settled_(promise_.get_future().share()) {}
  Footing(const Footing&) = delete;
  Footing& operator=(const Footing&) = delete;

  // Lets go whoever waits; the first call counts.
  void settle(bool holds) {
    if (std::exchange(is_settled_, true)) return;
    promise_.set_value(holds);
  }
  bool wait() const { return settled_.get(); }

 private:
  bool is_settled_ = false;
  std::promise<bool> promise_;
  std::shared_future<bool> settled_;
};

// Settles a footing as gone, unless it was settled before.
class FootingRelease {
 public:
  explicit FootingRelease(Footing& footing) : footing_(footing) {}
  ~FootingRelease() { footing_.settle(false); }
  FootingRelease(const FootingRelease&) = delete;
  FootingRelease& operator=(const FootingRelease&) = delete;

 private:
  Footing& footing_;
};

// `store`, each of whose calls waits for `footing` first. Null: nothing to wait for.
class FootedStore final : public EvidenceStore {
 public:
  FootedStore(EvidenceStore& store, const Footing* footing) : store_(store), footing_(footing) {}

  Result<PutResult> create(const ObjectToWrite& object) override {
    return when_settled<PutResult>([&] { return store_.create(object); });
  }
  Result<std::vector<StoredObject>> publish(std::span<const ObjectToWrite> artifacts,
                                            const ObjectToWrite& marker,
                                            const CommitTerms& terms) override {
    return when_settled<std::vector<StoredObject>>(
        [&] { return store_.publish(artifacts, marker, terms); });
  }
  Result<std::optional<StoredObject>> get(const ObjectKey& key) override {
    return when_settled<std::optional<StoredObject>>([&] { return store_.get(key); });
  }
  Result<std::optional<ObjectHead>> head(const ObjectKey& key) override {
    return when_settled<std::optional<ObjectHead>>([&] { return store_.head(key); });
  }
  Result<std::vector<ObjectKey>> list(const std::string& prefix, std::size_t limit) override {
    return when_settled<std::vector<ObjectKey>>([&] { return store_.list(prefix, limit); });
  }
  Result<std::vector<ObjectVersion>> list_versions(const std::string& prefix) override {
    return when_settled<std::vector<ObjectVersion>>([&] { return store_.list_versions(prefix); });
  }
  Result<void> check_reachable() override {
    return when_settled<void>([&] { return store_.check_reachable(); });
  }
  std::string name() const override { return store_.name(); }

 private:
  template <class T, class Call>
  Result<T> when_settled(Call call) {
    if (footing_ && !footing_->wait())
      return fail(ErrorKind::k_unavailable, "the evidence of the lane before did not land", name());
    return call();
  }

  EvidenceStore& store_;
  const Footing* footing_;
};

}  // namespace runpin
