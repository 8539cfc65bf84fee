#include "runpin/gate/written_store.h"

#include <vector>

namespace runpin {
namespace {

Json flaw(const char* kind, const char* message, std::string expected, std::string found,
          const ObjectKey& key, bool is_doubt_only) {
  return object({{"kind", kind},
                 {"message", message},
                 {"expected", std::move(expected)},
                 {"found", std::move(found)},
                 {"where", key.str()},
                 {"is_doubt_only", is_doubt_only}});
}

// What the store has now, held against what was written; null when it is the same.
Json change_of(const ObjectKey& key, const Sha256& written,
               const Result<std::optional<StoredObject>>& now) {
  if (!now) {
    const ErrorKind kind = now.error().kind;
    const bool silent =
        kind == ErrorKind::k_unavailable || kind == ErrorKind::k_denied || kind == ErrorKind::k_io;
    return flaw("unreadable", "an object that this run wrote cannot be read",
                "an object that reads", one_line(now.error()), key, silent);
  }
  if (!*now)
    return flaw("missing", "an object that this run wrote is gone", "one object", "no object", key,
                false);
  const Sha256 found = sha256((*now)->bytes);
  if (found == written) return {};
  return flaw("digest", "an object is not as this run wrote it", "SHA-256 " + written.str(),
              "SHA-256 " + found.str(), key, false);
}

}  // namespace

void WrittenStore::remember(const ObjectToWrite& object) {
  const std::lock_guard lock(mutex_);
  written_.insert_or_assign(object.key, sha256(object.bytes));
}

Result<PutResult> WrittenStore::create(const ObjectToWrite& object) {
  auto put = store_->create(object);
  if (put) remember(object);
  return put;
}

Result<std::vector<StoredObject>> WrittenStore::publish(std::span<const ObjectToWrite> artifacts,
                                                        const ObjectToWrite& marker,
                                                        const CommitTerms& terms) {
  auto stored = store_->publish(artifacts, marker, terms);
  if (!stored) return stored;
  for (const ObjectToWrite& artifact : artifacts) remember(artifact);
  remember(marker);
  return stored;
}

Json WrittenStore::first_change(const AtOnce& at_once) {
  std::vector<std::pair<ObjectKey, Sha256>> written;
  {
    const std::lock_guard lock(mutex_);
    written.assign(written_.begin(), written_.end());
  }
  std::vector<Json> changes(written.size());
  at_once(written.size(), [&](std::size_t i) {
    const auto& [key, digest] = written[i];
    changes[i] = change_of(key, digest, store_->get(key));
  });
  for (Json& change : changes)
    if (!change.is_null()) return std::move(change);
  return {};
}

}  // namespace runpin
