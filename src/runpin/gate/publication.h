// From a judgement to evidence: what is the same for every lane is filled in, the contract and the
// secret scan are applied, bytes are rendered, and artifacts and summary are written once, the
// summary last.
#pragma once

#include "runpin/gate/evidence_reader.h"

namespace runpin {

// What a lane execution wants to publish. Blockers may still grow on the way.
struct Draft {
  ObjectKey
      unless;  // where this object exists the attempt was taken over, and nothing is committed
  const LaneContext* context = nullptr;
  const Upstream* upstream = nullptr;
  Judgement judgement;
  Facts facts;  // null: none were gathered
  std::vector<Receipt> receipts;
};

struct Rendered {
  std::vector<std::pair<std::string, Bytes>> artifacts;  // by name, contract order
  std::vector<ObjectToWrite> objects;  // the artifacts under their durable keys, copies included
  ObjectToWrite summary;
  std::vector<Blocker> blockers;  // those that the summary lists
};

// Pure. Fills in, scans, checks and renders; findings of scan and contract become blockers, and
// what holds secret material is withheld: an artifact whole, the summary but for the fields that
// hold it. `list_artifacts` false: the summary alone, which lists no
// artifact as proven.
Rendered render(const Draft& draft, const Layout& layout, const FieldNames& names,
                bool list_artifacts = true);

// Writes the draft as evidence. What comes back is what durable storage then says of the execution,
// and is remembered by `reader`. When durable storage does not take it, the lane is held with its
// publish code: once more with that blocker, then the summary alone, and last of all only local
// files, which claim no more than a hold. An error means that durable evidence is committed but a
// local file could not get its name.
Result<LaneEvidence> publish(Draft draft, const Ports& ports, const Layout& layout,
                             const FieldNames& names, EvidenceReader& reader);

}  // namespace runpin
