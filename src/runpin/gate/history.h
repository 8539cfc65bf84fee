// Which runs a store knows, told from reservations and summaries alone. A run is the chain of
// attempts that began with `run` and went on with each `resume` (succession.h); a lane's execution
// is that of the newest attempt that started at or before it.
#pragma once

#include <optional>
#include <vector>

#include "runpin/gate/reservation.h"

namespace runpin {

struct RunHistory {
  std::vector<Reservation> attempts;  // oldest first; the first is the `run`, the others `resume`s
  std::optional<Error> flaw;          // evidence of the run itself is gone or cannot be read: an
                                      // attempt is missing, or all that is left is its stamp

  // The execution of `lane` that counts.
  ExecutionId execution(char lane) const;
  // Executions of `lane` that a later attempt replaced, oldest first. They need not have left any
  // evidence.
  std::vector<ExecutionId> superseded(char lane) const;
  const Reservation& newest() const { return attempts.back(); }
  // What was asked for, by the newest attempt that started: one that never did asked for nothing.
  char last_lane() const;
};

// Every run, newest attempt first; a reservation that does not parse is a run with a flaw. The
// store's error.
Result<std::vector<RunHistory>> read_histories(EvidenceStore& store, const Layout& layout);

// The newest run; nothing when the store knows none. The store's error, and the run's flaw.
Result<std::optional<RunHistory>> read_newest_history(EvidenceStore& store, const Layout& layout);

}  // namespace runpin
