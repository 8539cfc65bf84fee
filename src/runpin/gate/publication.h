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

// A draft on its way into durable storage. In two steps, so that the next lane can already gather
// on what durable storage is about to say.
class Publication {
 public:
  // Renders the draft and stages its local files. Everything referred to, what the draft refers to
  // included, must outlive this.
  Publication(Draft draft, const Ports& ports, const Layout& layout, const FieldNames& names,
              EvidenceReader& reader);

  // Takes staged files away that have no name yet.
  ~Publication();
  Publication(const Publication&) = delete;
  Publication& operator=(const Publication&) = delete;

  // What durable storage will say of the execution once it has taken it as it is. Until settle()
  // has said the same it is no evidence.
  const LaneEvidence& expected();

  // Writes the evidence; what comes back is what durable storage then says of the execution, and is
  // remembered by the reader. When durable storage does not take it, the lane is held with its
  // publish code: once more with that blocker, then the summary alone, and last of all only local
  // files, which claim no more than a hold. Nothing, and nothing committed: evidence that the
  // reader had on the store's word alone does not read back the same; then it may be called again.
  // Errors: k_superseded, and nothing is committed; or durable evidence is committed but a local
  // file could not get its name.
  Result<std::optional<LaneEvidence>> settle();

 private:
  bool stage();
  bool store();
  CommitTerms terms();
  bool landed_after_all() const;
  bool as_rendered(const std::vector<StoredObject>& stored) const;
  std::vector<std::pair<std::string, Bytes>> local_files() const;
  Result<std::optional<LaneEvidence>> settle_blocked();
  Result<std::optional<LaneEvidence>> settle_locally(const Rendered& whole);
  Result<std::optional<LaneEvidence>> commit();
  LaneEvidence held_without_durable_evidence(const Rendered& rendered) const;
  void block(const std::string& code, std::string message, const Error& error, std::string fix);

  Draft draft_;
  const LaneContract& lane_;
  const ExecutionId id_;
  const Ports& ports_;
  const Layout& layout_;
  const FieldNames& names_;
  EvidenceReader& reader_;
  Rendered rendered_;
  std::optional<LaneEvidence> expected_;  // of rendered_
  bool local_failed_ = false;
  bool unproven_ = false;
  std::optional<Error> superseded_;
};

}  // namespace runpin
