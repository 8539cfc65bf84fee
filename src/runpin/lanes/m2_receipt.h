// The M2 hand-off receipt: M3 may start only behind a closed M2, which must say so in every field
// that it says it in.
#pragma once

#include <string>

#include "runpin/gate/lane.h"

namespace runpin {

// How a receipt differs from that of a closed M2, and what to do; all are "" where it does not.
struct ReceiptFlaw {
  std::string expected;
  std::string found;
  std::string fix;
};

// Pure. The fields of `receipt` that tell whether M2 is closed, those that it has, in whatever
// spelling (M3EntryReady): texts as shown_text() has them, a list or an object by its type and
// size. `parts` lists what its parts say against it, at any depth. Other fields are left out.
Json m2_receipt_says(const Json& receipt);

// Pure. The first field in `says` that is not a closed M2's by `now`. m3_entry_ready must be there;
// any other field need not, but where it is there it has to agree, and null agrees with nothing but
// no hold class and no successor.
ReceiptFlaw m2_receipt_flaw(const Json& says, const Instant& now);

// {"value": {"path", "sha256", "says"}} or {"error"}.
Json gather_m2_receipt(World& world);
// Raises M3A-B3.
void judge_m2_receipt(const Json& fact, const Instant& now, Blockers& blockers);

}  // namespace runpin
