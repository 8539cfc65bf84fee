// What verify says of a run's evidence: what does not hold, and what is as it is for a reason that
// a reader should know.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "runpin/base/result.h"
#include "runpin/canon/json.h"

namespace runpin {

// `kind` is one of
//   "store"        the store itself does not keep write-once, or cannot be asked
//   "unreadable"   an object cannot be read, or is no JSON document in the canonical form
//   "missing"      an object that another one names is not there
//   "unexplained"  an object that nothing explains
//   "rewritten"    a key has more than one version;  "deleted"  a delete marker
//   "contract"     a summary or artifact lacks a field, or says something that it may not say
//   "digest"       size, SHA-256, key or copy are not as the summary lists them
//   "link"         a lane stood on another summary than the one that is there
//   "identity"     a fact is not what its own inputs, or the objects it tells of, give
//   "judgement"    judged again from the recorded facts, it comes out otherwise
//   "verdict"      the verdict is not that of the chain
//   "attempt"      reservation, succession, start and claim contradict each other or the evidence
//   "incomplete"   the run has not come to its verdict
//   "root"         M3.J's summary is not the one that the reader knows
struct EvidenceFinding {
  std::string kind;
  std::string message;
  std::string expected;
  std::string found;
  std::string where;           // an object key, or the store's name
  bool is_doubt_only = false;  // nothing is shown to be wrong; it cannot be shown to be right
};

Json to_json(const EvidenceFinding& finding);

struct EvidenceNote {
  std::string message;
  std::string where;
};

// Collects both. What is known of a key need not be told twice: later, broader checks ask first.
class EvidenceFindings {
 public:
  void add(EvidenceFinding finding);
  // Why an object or listing could not be read: a doubt where the store gave no answer.
  void add(const Error& error, std::string where);
  void note(std::string message, std::string where);
  bool names(const std::string& where) const { return places_.contains(where); }
  const std::vector<EvidenceFinding>& all() const { return all_; }
  const std::vector<EvidenceNote>& notes() const { return notes_; }

 private:
  std::vector<EvidenceFinding> all_;
  std::vector<EvidenceNote> notes_;
  std::set<std::string> places_;
};

// True where the store gave no answer, so that nothing is known either way.
bool is_out_of_reach(const Error& error);

}  // namespace runpin
