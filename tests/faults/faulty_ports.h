// Ports that fail, lie or forget, as disks, services and programs do; between them and the real
// ones nothing else changes.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runpin/gate/lane.h"
#include "runpin/gate/world.h"

namespace runpin::testing {

// What one platform suffers from. Every list may hold several; all of them bite.
struct PortFaults {
  // Asked with "create", "publish" (of its marker), "get", "head" or "list_versions" and the key.
  using OfStore = std::function<bool(std::string_view operation, const std::string& key)>;
  struct Refusal {
    OfStore when;
    Error answer;
  };
  // `read` counts the reads of this object so far, the read-back of publishing among them, from 1.
  using Lie = std::function<void(StoredObject& object, int read)>;
  // `call` counts the digests of this attempt, from 1.
  using Digest = std::function<bool(int call)>;

  std::vector<Refusal> refusals;
  std::vector<OfStore> forgets;  // of "publish": it answers that all is stored, and nothing is
  std::vector<OfStore> full;     // meanwhile no file of this process can grow
  std::vector<Lie> lies;
  std::vector<Digest> wrong_digests;                     // answers another digest when true
  std::vector<std::function<void(Lane&)>> lane_defects;  // each is shown every lane's row
  bool unprivileged = false;  // the attempt runs as a user who owns nothing here
  // The store is a network away: what was published is to be read back, and calls go out at once.
  bool far_away = false;
};

class FaultyStore : public EvidenceStore {
 public:
  FaultyStore(EvidenceStore& store, const PortFaults& faults) : store_(store), faults_(faults) {}
  Result<PutResult> create(const ObjectToWrite& object) override;
  Result<std::vector<StoredObject>> publish(std::span<const ObjectToWrite> artifacts,
                                            const ObjectToWrite& marker,
                                            const CommitTerms& terms) override;
  Result<std::optional<StoredObject>> get(const ObjectKey& key) override;
  Result<std::optional<ObjectHead>> head(const ObjectKey& key) override;
  Result<std::vector<ObjectKey>> list(const std::string& prefix, std::size_t limit) override;
  Result<std::vector<ObjectVersion>> list_versions(const std::string& prefix) override;
  Result<void> check_reachable() override { return store_.check_reachable(); }
  std::string name() const override { return store_.name(); }

 private:
  const Error* refusal(std::string_view operation, const std::string& key) const;
  static bool applies(const std::vector<PortFaults::OfStore>& faults, std::string_view operation,
                      const std::string& key);
  void lie_about(StoredObject& object);

  EvidenceStore& store_;
  const PortFaults& faults_;
  std::mutex mutex_;  // guards reads_
  std::map<ObjectKey, int> reads_;
};

// sha256, but for the calls that `faults` names.
std::function<Sha256(ByteView)> faulty_digest(const PortFaults& faults);

// While it lives no file of this process can grow past `bytes`: what a full disk does to SQLite.
class FullDisk {
 public:
  explicit FullDisk(bool full, std::size_t bytes = 0);
  ~FullDisk();
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  bool full_;
  unsigned long before_ = 0;
};

// While it lives, and `wanted`, files are opened as a user without privileges would.
class Unprivileged {
 public:
  explicit Unprivileged(bool wanted);
  ~Unprivileged();
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;

 private:
  bool dropped_ = false;
};

// A lane whose judge forgets the fields of its contract in the artifact `index` of its bodies.
template <const Lane& (*lane)(), std::size_t index = 0>
Judgement forgetful_judge(const LaneContext& context, const Upstream& up, const Facts& facts);

// A lane whose judge turns the artifact `index` of its bodies into an advance, whatever it found.
template <const Lane& (*lane)(), std::size_t index>
Judgement credulous_judge(const LaneContext& context, const Upstream& up, const Facts& facts);

Json without_fields(const ArtifactContract& artifact, const Json& body);
Json as_an_advance(const Json& body);

// `judgement` with `change` applied to one of its bodies, restated ones too.
Judgement with_changed_body(Judgement judgement, std::size_t index,
                            std::function<Json(const Json&)> change);

template <const Lane& (*lane)(), std::size_t index>
Judgement forgetful_judge(const LaneContext& context, const Upstream& up, const Facts& facts) {
  Judgement judgement = lane().judge(context, up, facts);
  const ArtifactContract* artifact = nullptr;
  for (const ArtifactContract& candidate : lane().contract.artifacts)
    if (candidate.name == judgement.bodies.at(index).first) artifact = &candidate;
  return with_changed_body(std::move(judgement), index, [artifact](const Json& body) {
    return without_fields(*artifact, body);
  });
}

template <const Lane& (*lane)(), std::size_t index>
Judgement credulous_judge(const LaneContext& context, const Upstream& up, const Facts& facts) {
  return with_changed_body(lane().judge(context, up, facts), index, as_an_advance);
}

}  // namespace runpin::testing
