// An evidence store in memory, with the port's own law: create if absent, never change.
#pragma once

#include <map>
#include <mutex>

#include "runpin/ports/evidence_store.h"

namespace runpin::testing {

class MemoryStore : public EvidenceStore {
 public:
  Result<PutResult> create(const ObjectToWrite& object) override {
    const std::lock_guard lock(mutex_);
    const auto [at, created] = objects_.emplace(object.key.str(), object.bytes);
    if (created) return PutResult{PutOutcome::k_created, "\"tag\""};
    if (at->second == object.bytes) return PutResult{PutOutcome::k_already_there, "\"tag\""};
    return fail(ErrorKind::k_conflict, "other bytes stand there", object.key.str());
  }

  Result<std::vector<StoredObject>> publish(std::span<const ObjectToWrite> artifacts,
                                            const ObjectToWrite& marker,
                                            const CommitTerms& terms) override {
    if (terms.provided)
      if (const auto held = terms.provided(); !held) return tl::unexpected(held.error());
    if (!terms.unless.empty() && *head(terms.unless))
      return fail(ErrorKind::k_superseded, "superseded");
    std::vector<StoredObject> stored;
    for (const ObjectToWrite& artifact : artifacts) {
      if (const auto put = create(artifact); !put) return tl::unexpected(put.error());
      stored.push_back({artifact.key, artifact.bytes, "\"tag\""});
    }
    if (const auto put = create(marker); !put) return tl::unexpected(put.error());
    stored.push_back({marker.key, marker.bytes, "\"tag\""});
    return stored;
  }

  Result<std::optional<StoredObject>> get(const ObjectKey& key) override {
    const std::lock_guard lock(mutex_);
    const auto at = objects_.find(key.str());
    if (at == objects_.end()) return std::nullopt;
    return StoredObject{key, at->second, "\"tag\""};
  }

  Result<std::optional<ObjectHead>> head(const ObjectKey& key) override {
    const auto object = get(key);
    if (!*object) return std::nullopt;
    return ObjectHead{(*object)->etag, (*object)->bytes.size()};
  }

  Result<std::vector<ObjectKey>> list(const std::string& prefix, std::size_t limit) override {
    const std::lock_guard lock(mutex_);
    std::vector<ObjectKey> keys;
    for (auto at = objects_.lower_bound(prefix);
         at != objects_.end() && at->first.starts_with(prefix); ++at) {
      if (limit != 0 && keys.size() == limit) break;
      keys.emplace_back(at->first);
    }
    return keys;
  }

  Result<std::vector<ObjectVersion>> list_versions(const std::string& prefix) override {
    std::vector<ObjectVersion> versions;
    const auto keys = list(prefix, 0);
    for (const ObjectKey& key : *keys) versions.push_back({key, "1", false, true});
    return versions;
  }

  Result<void> check_reachable() override { return {}; }
  std::string name() const override { return "memory"; }

 private:
  std::mutex mutex_;
  std::map<std::string, Bytes> objects_;
};

}  // namespace runpin::testing
