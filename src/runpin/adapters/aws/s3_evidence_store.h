// Evidence in an S3 bucket. Writes are conditional (`If-None-Match: *`), so that of many machines
// one wins; whatever is in doubt is read back before it is judged, and an ETag is never taken for a
// digest.
#pragma once

#include "runpin/adapters/aws/s3_bucket.h"
#include "runpin/ports/evidence_store.h"

namespace runpin {

// For one create, conflicts and doubts together: one attempt and half as much time again as for a
// call.
RetryPolicy patience_of_writes(const RetryPolicy& of_calls);

// Errors beside the port's: k_not_found, with the bucket's name, where there is no such bucket.
class S3EvidenceStore final : public EvidenceStore {
 public:
  // Borrows `bucket`. `patience` is for one create.
  S3EvidenceStore(S3Bucket& bucket, RetryWorld world, RetryPolicy patience = patience_of_writes({}))
      : bucket_(bucket), world_(std::move(world)), patience_(patience) {}

  Result<PutResult> create(const ObjectToWrite& object) override;
  Result<std::vector<StoredObject>> publish(std::span<const ObjectToWrite> artifacts,
                                            const ObjectToWrite& marker,
                                            const CommitTerms& terms = {}) override;
  Result<std::optional<StoredObject>> get(const ObjectKey& key) override;
  Result<std::optional<ObjectHead>> head(const ObjectKey& key) override;
  Result<std::vector<ObjectKey>> list(const std::string& prefix, std::size_t limit) override;
  Result<std::vector<ObjectVersion>> list_versions(const std::string& prefix) override;
  Result<void> check_reachable() override { return bucket_.check_exists(); }
  std::string name() const override { return "s3:" + bucket_.name(); }

 private:
  // An object that the store has. `stored`: as it was read; absent while only the store's answer,
  // which repeats the SHA-256 of the bytes that it took, shows that it has it.
  struct Landed {
    PutOutcome outcome = PutOutcome::k_created;
    std::string etag;
    std::optional<StoredObject> stored;
  };
  Result<Landed> land(const ObjectToWrite& object);
  Result<Landed> read_back(const ObjectToWrite& object, Landed landed);
  Result<std::optional<Landed>> judge_standing(const ObjectToWrite& object);

  S3Bucket& bucket_;
  RetryWorld world_;
  RetryPolicy patience_;
};

}  // namespace runpin
