#include "runpin/verify/evidence_snapshot.h"

#include <stdexcept>

#include "runpin/verify/evidence_finding.h"

namespace runpin {

Result<void> EvidenceSnapshot::list_from_store(const std::string& prefix) {
  auto listed = store_.list_versions(prefix);
  if (!listed) return tl::unexpected(listed.error());
  for (const ObjectKey& key : keys_under(prefix)) versions_.erase(key.str());
  for (ObjectVersion& version : *listed) versions_[version.key.str()].push_back(std::move(version));
  return {};
}

void EvidenceSnapshot::read_from_store(const std::vector<ObjectKey>& keys) {
  std::vector<ObjectKey> wanted;
  for (const ObjectKey& key : keys)
    if (objects_.emplace(key, std::nullopt).second) wanted.push_back(key);
  std::vector<Result<std::optional<StoredObject>>> found(wanted.size());
  at_once_(wanted.size(), [&](std::size_t i) { found[i] = store_.get(wanted[i]); });
  for (std::size_t i = 0; i < wanted.size(); ++i)
    objects_.insert_or_assign(wanted[i], std::move(found[i]));
}

std::vector<ObjectKey> EvidenceSnapshot::keys_under(const std::string& prefix) const {
  std::vector<ObjectKey> keys;
  for (auto at = versions_.lower_bound(prefix);
       at != versions_.end() && at->first.starts_with(prefix); ++at)
    keys.emplace_back(at->first);
  return keys;
}

bool EvidenceSnapshot::is_silent(const std::string& key) const {
  const auto object = objects_.find(ObjectKey(key));
  return object != objects_.end() && !object->second && is_out_of_reach(object->second.error());
}

std::size_t EvidenceSnapshot::objects() const {
  std::size_t count = 0;
  for (const auto& [key, object] : objects_) count += object && *object ? 1 : 0;
  return count;
}

std::size_t EvidenceSnapshot::bytes() const {
  std::size_t count = 0;
  for (const auto& [key, object] : objects_)
    if (object && *object) count += (*object)->bytes.size();
  return count;
}

Result<std::optional<StoredObject>> EvidenceSnapshot::get(const ObjectKey& key) {
  if (!objects_.contains(key)) read_from_store({key});
  return objects_.at(key);
}

Result<std::optional<ObjectHead>> EvidenceSnapshot::head(const ObjectKey& key) {
  const auto object = get(key);
  if (!object) return tl::unexpected(object.error());
  if (!*object) return std::nullopt;
  return ObjectHead{(*object)->etag, (*object)->bytes.size()};
}

Result<std::vector<ObjectKey>> EvidenceSnapshot::list(const std::string& prefix,
                                                      std::size_t limit) {
  std::vector<ObjectKey> keys;
  for (ObjectKey& key : keys_under(prefix)) {
    if (versions_.at(key.str()).back().is_delete_marker) continue;
    if (limit != 0 && keys.size() == limit) break;
    keys.push_back(std::move(key));
  }
  return keys;
}

Result<std::vector<ObjectVersion>> EvidenceSnapshot::list_versions(const std::string& prefix) {
  std::vector<ObjectVersion> all;
  for (const ObjectKey& key : keys_under(prefix))
    for (const ObjectVersion& version : versions_.at(key.str())) all.push_back(version);
  return all;
}

Result<PutResult> EvidenceSnapshot::create(const ObjectToWrite&) {
  throw std::logic_error("verify writes nothing");
}

Result<std::vector<StoredObject>> EvidenceSnapshot::publish(std::span<const ObjectToWrite>,
                                                            const ObjectToWrite&,
                                                            const CommitTerms&) {
  throw std::logic_error("verify writes nothing");
}

}  // namespace runpin
