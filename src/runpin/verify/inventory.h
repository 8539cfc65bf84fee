// Every object under the prefixes of a run: there once, never deleted, and explained.
#pragma once

#include <set>
#include <string>

#include "runpin/verify/evidence_finding.h"
#include "runpin/verify/evidence_snapshot.h"

namespace runpin {

struct Inventory {
  std::set<std::string> prefixes;   // what is to be looked through
  std::set<std::string> explained;  // keys
  std::set<std::string> leftovers;  // keys that an attempt which was stopped, or a publication that
                                    // failed, may have left; they are no evidence
};

// REQUIRES: the prefixes are listed.
void check_inventory(const Inventory& inventory, EvidenceSnapshot& evidence,
                     EvidenceFindings& findings);

}  // namespace runpin
