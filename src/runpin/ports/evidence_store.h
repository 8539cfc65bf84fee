// Where evidence bytes live. An object never changes once written; the store keeps every version it
// ever saw. Keys: UTF-8, 1 to 1,024 bytes, no leading '/'. Safe to call from several threads and
// processes.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runpin/base/bytes.h"
#include "runpin/base/result.h"
#include "runpin/base/strong.h"

namespace runpin {

struct StoredObject {
  ObjectKey key;
  Bytes bytes;
  std::string etag;  // the store's own tag; never taken for a digest
  // False: `bytes` are those that were written, and that the store has them it has said itself, by
  // their SHA-256; they are still to be read back.
  bool is_read_back = true;
};

struct ObjectHead {
  std::string etag;
  std::size_t size = 0;
};

struct ObjectVersion {
  ObjectKey key;
  std::string version_id;
  bool is_delete_marker = false;
  bool is_latest = false;
};

struct ObjectToWrite {
  ObjectKey key;
  Bytes bytes;
};

// What must hold for a marker to be written.
struct CommitTerms {
  ObjectKey unless;  // there is no such object; empty: no such term
  // Asked while the artifacts are being written, once at most; its error is the call's. Empty: no
  // such term.
  std::function<Result<void>()> provided;
};

enum class PutOutcome { k_created, k_already_there };

struct PutResult {
  PutOutcome outcome = PutOutcome::k_created;
  std::string etag;
};

// Errors of every call: k_denied, k_unavailable (no trustworthy answer within the deadline),
// k_malformed (an answer that does not parse). Further ones stand at the call.
class EvidenceStore {
 public:
  virtual ~EvidenceStore() = default;

  // Creates `key` only if it does not exist, durably: by the store's own word on the SHA-256 of
  // what it has, or by reading it back. There before with the same bytes: k_already_there. Errors:
  // k_conflict (other bytes stand there; nothing changed), k_mismatch (read back differs).
  virtual Result<PutResult> create(const ObjectToWrite& object) = 0;

  // Creates every artifact, and `marker` only when each of them is durable as for create(): where
  // the marker exists, all of them do. The answer holds artifacts first, marker last. On an error
  // (as for create()) the embedded store holds none of them; a bucket may hold some, and where the
  // marker's own write is in doubt the marker too. k_superseded where `terms.unless` exists: the
  // embedded store looks in the same transaction, a bucket right before the marker.
  virtual Result<std::vector<StoredObject>> publish(std::span<const ObjectToWrite> artifacts,
                                                    const ObjectToWrite& marker,
                                                    const CommitTerms& terms) = 0;

  // The object; nothing when the store says for certain that there is none.
  virtual Result<std::optional<StoredObject>> get(const ObjectKey& key) = 0;
  virtual Result<std::optional<ObjectHead>> head(const ObjectKey& key) = 0;

  // Keys that begin with `prefix`, by code point, `limit` at most (0: all of them).
  virtual Result<std::vector<ObjectKey>> list(const std::string& prefix, std::size_t limit) = 0;

  // Every version and delete marker under `prefix`, by key and then oldest first.
  virtual Result<std::vector<ObjectVersion>> list_versions(const std::string& prefix) = 0;

  // Whether publish() writes all or nothing, so that artifacts without their marker are no trace of
  // a stop.
  virtual bool publishes_whole() const { return false; }

  // Succeeds when the store can be reached and would take a write: bucket or database exists and is
  // writable.
  virtual Result<void> check_reachable() = 0;

  // For messages and receipts, without credentials or a directory of this machine:
  // "sqlite:.runpin/platform.db".
  virtual std::string name() const = 0;
};

}  // namespace runpin
