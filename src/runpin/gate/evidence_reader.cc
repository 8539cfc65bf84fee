#include "runpin/gate/evidence_reader.h"

#include <fmt/format.h>

#include "runpin/canon/digest.h"
#include "runpin/canon/json_reader.h"

namespace runpin {
namespace {

// Why `summary` is no summary of this execution; "" when it is one.
std::string summary_fault(const Json& summary, const LaneContract& lane, const ExecutionId& id) {
  for (const std::string& field : summary_fields())
    if (!summary.find(field)) return fmt::format("it lacks field {}", field);
  if (summary["lane"].text() != lane.lane || summary["execution_id"].text() != id.str())
    return "it names another lane or execution";
  const auto blockers = blockers_from_json(summary["blockers"]);
  if (!blockers) return "its blockers do not parse";
  if (summary["blocker_count"].integer() != static_cast<std::int64_t>(blockers->size()))
    return "its blocker_count is not the number of its blockers";
  if (!summary["overall_pass"].if_bool() || summary["overall_pass"].is_true() != blockers->empty())
    return "its overall_pass contradicts its blockers";
  if (!summary["artifacts"].is_array() || !summary["sources"].is_array())
    return "its artifacts or sources are no list";
  return "";
}

Error unreadable(const ObjectKey& key, std::string message) {
  return {ErrorKind::k_malformed, std::move(message), key.str(), ""};
}

}  // namespace

void EvidenceReader::remember(const std::vector<StoredObject>& objects) {
  for (const StoredObject& object : objects) {
    remembered_[object.key] = object.bytes;
    if (!object.is_read_back) unproven_.push_back(object.key);
  }
}

bool EvidenceReader::prove(const AtOnce& at_once) {
  const std::vector<ObjectKey> keys = std::exchange(unproven_, {});
  std::vector<Result<std::optional<StoredObject>>> found(keys.size());
  at_once(keys.size(), [&](std::size_t i) { found[i] = store_.get(keys[i]); });
  bool proven = true;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (found[i] && *found[i] && (*found[i])->bytes == remembered_[keys[i]]) continue;
    remembered_.erase(keys[i]);
    proven = false;
  }
  return proven;
}

Result<std::optional<Bytes>> EvidenceReader::bytes_of(const ObjectKey& key) {
  if (const auto known = remembered_.find(key); known != remembered_.end()) return known->second;
  auto object = store_.get(key);
  if (!object) return tl::unexpected(object.error());
  if (!*object) return std::nullopt;
  remembered_[key] = (*object)->bytes;
  return std::move((*object)->bytes);
}

LaneEvidence EvidenceReader::read_summary(const LaneContract& lane, const ExecutionId& id) {
  LaneEvidence evidence;
  evidence.execution_id = id;
  const ObjectKey key = layout_.artifact_key(id, lane.summary_name());
  evidence.summary_key = key.str();
  const auto unusable = [&](std::string reason) {
    evidence.state = LaneState::k_unreadable;
    evidence.reason = fmt::format("{} is unreadable: {}", key.str(), reason);
    return evidence;
  };
  const auto bytes = bytes_of(key);
  evidence.is_out_of_reach = !bytes && bytes.error().kind == ErrorKind::k_unavailable;
  if (!bytes) return unusable(one_line(bytes.error()));
  if (!*bytes) {
    evidence.reason = fmt::format("{} has no summary", id.str());
    return evidence;
  }
  const auto json = read_json(**bytes, key.str());
  if (!json) return unusable(json.error().message);
  evidence.summary = names_.to_standard(*json);
  if (const auto fault = summary_fault(evidence.summary, lane, id); !fault.empty())
    return unusable(fault);
  evidence.summary_sha256 = sha256(**bytes);
  evidence.state =
      evidence.summary["overall_pass"].is_true() ? LaneState::k_green : LaneState::k_held;
  if (evidence.state == LaneState::k_held) {
    std::vector<std::string> codes;
    for (const Json& blocker : evidence.summary["blockers"].items())
      codes.push_back(blocker["code"].text());
    evidence.reason = fmt::format("{} is held by {}", id.str(), join(codes, ", "));
  }
  return evidence;
}

Result<void> EvidenceReader::read_artifacts(const LaneContract& lane, LaneEvidence& evidence) {
  for (const Json& entry : evidence.summary["artifacts"].items()) {
    const std::string& name = entry["name"].text();
    const ObjectKey key = layout_.artifact_key(evidence.execution_id, name);
    if (entry["durable_key"].text() != key.str())
      return tl::unexpected(unreadable(key, "the summary lists it under another key"));
    const auto bytes = bytes_of(key);
    if (!bytes) return tl::unexpected(bytes.error());
    if (!*bytes)
      return fail(ErrorKind::k_not_found, "the summary lists it, and it is not there", key.str());
    if (sha256(**bytes).str() != entry["sha256"].text())
      return tl::unexpected(unreadable(key, "its SHA-256 is not the one that the summary lists"));
    auto json = read_json(**bytes, key.str());
    if (!json) return tl::unexpected(unreadable(key, json.error().message));
    evidence.artifacts[name] = names_.to_standard(*json);
  }
  if (evidence.state != LaneState::k_green) return {};
  for (const ArtifactContract& artifact : lane.artifacts)
    if (!evidence.artifacts.contains(artifact.name))
      return fail(ErrorKind::k_not_found, "the summary of a green lane does not list it",
                  layout_.artifact_key(evidence.execution_id, artifact.name).str());
  return {};
}

LaneEvidence EvidenceReader::read_lane(const LaneContract& lane, const ExecutionId& id) {
  LaneEvidence evidence = read_summary(lane, id);
  if (evidence.state != LaneState::k_green && evidence.state != LaneState::k_held) return evidence;
  if (const auto read = read_artifacts(lane, evidence); !read) {
    evidence.state = LaneState::k_unreadable;
    evidence.reason = one_line(read.error());
    evidence.is_out_of_reach = read.error().kind == ErrorKind::k_unavailable;
  }
  return evidence;
}

std::vector<std::pair<std::string, Bytes>> EvidenceReader::files_of(const LaneContract& lane,
                                                                    const ExecutionId& id) {
  std::vector<std::pair<std::string, Bytes>> files;
  const LaneEvidence evidence = read_lane(lane, id);
  if (evidence.state != LaneState::k_green && evidence.state != LaneState::k_held) return files;
  std::vector<std::string> names;
  for (const auto& [name, body] : evidence.artifacts) names.push_back(name);
  names.push_back(lane.summary_name());
  for (const std::string& name : names) {
    auto bytes = bytes_of(layout_.artifact_key(id, name));
    if (!bytes || !*bytes) return {};
    files.emplace_back(name, **std::move(bytes));
  }
  return files;
}

}  // namespace runpin
