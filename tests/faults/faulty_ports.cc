#include "tests/faults/faulty_ports.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <stdexcept>

#include "runpin/canon/digest.h"

namespace runpin::testing {
namespace {

constexpr uid_t k_nobody = 65534;

// What the engine fills in by itself when a judge leaves it out.
const std::vector<std::string> k_common_fields{"phase_id",        "lane",         "execution_id",
                                               "platform_run_id", "overall_pass", "blocker_count",
                                               "blockers",        "receipts"};

}  // namespace

const Error* FaultyStore::refusal(std::string_view operation, const std::string& key) const {
  for (const PortFaults::Refusal& refusal : faults_.refusals)
    if (refusal.when(operation, key)) return &refusal.answer;
  return nullptr;
}

bool FaultyStore::applies(const std::vector<PortFaults::OfStore>& faults,
                          std::string_view operation, const std::string& key) {
  return std::any_of(faults.begin(), faults.end(),
                     [&](const auto& fault) { return fault(operation, key); });
}

void FaultyStore::lie_about(StoredObject& object) {
  int read = 0;
  {
    const std::lock_guard lock(mutex_);
    read = ++reads_[object.key];
  }
  for (const PortFaults::Lie& lie : faults_.lies) lie(object, read);
}

Result<PutResult> FaultyStore::create(const ObjectToWrite& object) {
  if (const Error* error = refusal("create", object.key.str())) return tl::unexpected(*error);
  const FullDisk disk(applies(faults_.full, "create", object.key.str()));
  return store_.create(object);
}

Result<std::vector<StoredObject>> FaultyStore::publish(std::span<const ObjectToWrite> artifacts,
                                                       const ObjectToWrite& marker,
                                                       const CommitTerms& terms) {
  if (const Error* error = refusal("publish", marker.key.str())) return tl::unexpected(*error);
  if (applies(faults_.forgets, "publish", marker.key.str())) {
    std::vector<StoredObject> forgotten;
    for (const ObjectToWrite& object : artifacts)
      forgotten.push_back({object.key, object.bytes, {}});
    forgotten.push_back({marker.key, marker.bytes, {}});
    for (StoredObject& object : forgotten) object.is_read_back = false;
    return forgotten;
  }
  const FullDisk disk(applies(faults_.full, "publish", marker.key.str()));
  auto stored = store_.publish(artifacts, marker, terms);
  if (stored)
    for (StoredObject& object : *stored) {
      object.is_read_back = !faults_.far_away;
      if (object.is_read_back) lie_about(object);
    }
  return stored;
}

Result<std::optional<StoredObject>> FaultyStore::get(const ObjectKey& key) {
  if (const Error* error = refusal("get", key.str())) return tl::unexpected(*error);
  auto object = store_.get(key);
  if (object && *object) lie_about(**object);
  return object;
}

Result<std::optional<ObjectHead>> FaultyStore::head(const ObjectKey& key) {
  if (const Error* error = refusal("head", key.str())) return tl::unexpected(*error);
  return store_.head(key);
}

Result<std::vector<ObjectKey>> FaultyStore::list(const std::string& prefix, std::size_t limit) {
  if (const Error* error = refusal("list", prefix)) return tl::unexpected(*error);
  return store_.list(prefix, limit);
}

Result<std::vector<ObjectVersion>> FaultyStore::list_versions(const std::string& prefix) {
  if (const Error* error = refusal("list_versions", prefix)) return tl::unexpected(*error);
  return store_.list_versions(prefix);
}

std::function<Sha256(ByteView)> faulty_digest(const PortFaults& faults) {
  return [&faults, calls = std::make_shared<int>(0)](ByteView bytes) {
    ++*calls;
    for (const PortFaults::Digest& wrong : faults.wrong_digests)
      if (wrong(*calls)) return sha256(Bytes(bytes) + "a flipped bit");
    return sha256(bytes);
  };
}

FullDisk::FullDisk(bool full, std::size_t bytes) : full_(full) {
  if (!full_) return;
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  before_ = limit.rlim_cur;
  limit.rlim_cur = bytes;
  if (setrlimit(RLIMIT_FSIZE, &limit) != 0) throw std::runtime_error("RLIMIT_FSIZE");
}

FullDisk::~FullDisk() {
  if (!full_) return;
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = before_;
  setrlimit(RLIMIT_FSIZE, &limit);
}

Unprivileged::Unprivileged(bool wanted) {
  if (!wanted || geteuid() != 0) return;
  dropped_ = seteuid(k_nobody) == 0;
  if (!dropped_) throw std::runtime_error("seteuid");
}

Unprivileged::~Unprivileged() {
  if (dropped_ && seteuid(0) != 0) std::abort();
}

Json without_fields(const ArtifactContract& artifact, const Json& body) {
  Json rest = Json::Object{};
  for (const auto& [field, value] : body.members()) {
    const auto& least = artifact.fields;
    const bool owed =
        std::find(least.begin(), least.end(), field) != least.end() &&
        std::find(k_common_fields.begin(), k_common_fields.end(), field) == k_common_fields.end();
    if (!owed) rest.set(field, value);
  }
  return rest;
}

Json as_an_advance(const Json& body) {
  Json advance = body;
  if (body.find("m4_entry_ready")) advance.set("m4_entry_ready", true);
  const bool rollup = body["verdict"].text() != "HOLD_M3" && !body.find("m4_entry_ready");
  return advance.set("verdict", rollup ? "ADVANCE_TO_M3J" : "ADVANCE_TO_M4");
}

Judgement with_changed_body(Judgement judgement, std::size_t index,
                            std::function<Json(const Json&)> change) {
  judgement.bodies.at(index).second = change(judgement.bodies.at(index).second);
  if (judgement.restate)
    judgement.restate = [restate = judgement.restate, index, change](const auto& own) {
      Judgement::Bodies bodies = restate(own);
      bodies.at(index).second = change(bodies.at(index).second);
      return bodies;
    };
  return judgement;
}

}  // namespace runpin::testing
