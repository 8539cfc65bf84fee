// Evidence in the platform database: one machine's store, shared by as many processes as like.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "runpin/adapters/sqlite/platform_db.h"
#include "runpin/ports/evidence_store.h"

namespace runpin {

// A missing, damaged or newer database is an error of every call: k_not_found, k_malformed. A key
// that breaks the rules is k_usage. Bytes that do not have the SHA-256 stored beside them were
// changed behind runpin's back: k_mismatch, from get() and wherever bytes are compared. Where the
// newest version of a key is a delete marker, the object is absent to get(), head() and list(), and
// k_conflict to create() and publish().
//
// etag: the first 32 digits of the SHA-256 in quotes; opaque, as everywhere. version_id: "1", "2",
// …
class SqliteEvidenceStore final : public EvidenceStore {
 public:
  // As for PlatformDb.
  SqliteEvidenceStore(std::filesystem::path file, std::string name);

  Result<PutResult> create(const ObjectToWrite& object) override;
  // One transaction: all of it is there afterwards, or nothing that was not there before.
  Result<std::vector<StoredObject>> publish(std::span<const ObjectToWrite> artifacts,
                                            const ObjectToWrite& marker,
                                            const CommitTerms& terms = {}) override;
  Result<std::optional<StoredObject>> get(const ObjectKey& key) override;
  // Size and tag as stored; only get() reads and proves the bytes.
  Result<std::optional<ObjectHead>> head(const ObjectKey& key) override;
  Result<std::vector<ObjectKey>> list(const std::string& prefix, std::size_t limit) override;
  Result<std::vector<ObjectVersion>> list_versions(const std::string& prefix) override;
  // Takes the write lock, writes some pages to disk and rolls them back.
  bool publishes_whole() const override { return true; }
  Result<void> check_reachable() override;
  std::string name() const override { return db_.name(); }

 private:
  PlatformDb db_;
};

}  // namespace runpin
