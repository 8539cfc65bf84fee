// Reads lanes' evidence back from durable storage and checks that it holds together: the summary's
// own contract, every artifact that it lists by size and SHA-256. What this process itself read
// back when it published is not read a second time: objects never change.
#pragma once

#include <map>
#include <vector>

#include "runpin/gate/at_once.h"
#include "runpin/gate/field_names.h"
#include "runpin/gate/lane.h"
#include "runpin/gate/layout.h"

namespace runpin {

class EvidenceReader {
 public:
  EvidenceReader(EvidenceStore& store, const Layout& layout, const FieldNames& names)
      : store_(store), layout_(layout), names_(names) {}

  // Takes in objects as the store answered on publishing.
  void remember(const std::vector<StoredObject>& objects);
  // From here on everything is read from durable storage again.
  void forget() { remembered_.clear(); }
  // Reads back what was remembered on the store's word alone. True when all of it stands there as
  // remembered; what does not is forgotten, so that the next to ask for it reads what durable
  // storage says.
  bool prove(const AtOnce& at_once);

  // The execution `id` of a lane. Never fails: what cannot be read or does not hold together is
  // k_unreadable with a reason; no summary is k_absent.
  LaneEvidence read_lane(const LaneContract& lane, const ExecutionId& id);
  // The summary alone, its artifacts unread.
  LaneEvidence read_summary(const LaneContract& lane, const ExecutionId& id);
  // The bytes of a committed execution: its artifacts, then its summary. None where it is not
  // committed or does not hold together.
  std::vector<std::pair<std::string, Bytes>> files_of(const LaneContract& lane,
                                                      const ExecutionId& id);

 private:
  Result<std::optional<Bytes>> bytes_of(const ObjectKey& key);
  Result<void> read_artifacts(const LaneContract& lane, LaneEvidence& evidence);

  EvidenceStore& store_;
  const Layout& layout_;
  const FieldNames& names_;
  std::map<ObjectKey, Bytes> remembered_;
  std::vector<ObjectKey> unproven_;  // of remembered_, what was not read back yet
};

}  // namespace runpin
