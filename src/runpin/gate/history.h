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
  std::optional<Error> flaw;          // evidence of the run itself is gone: an attempt is missing

  // The execution of `lane` that counts.
  ExecutionId execution(char lane) const;
  // Executions of `lane` that a later attempt replaced, oldest first. They need not have left any
  // evidence.
  std::vector<ExecutionId> superseded(char lane) const;
  const Reservation& newest() const { return attempts.back(); }
};

// Every run, newest attempt first. The store's error, or k_malformed for a reservation that does
// not parse.
Result<std::vector<RunHistory>> read_histories(EvidenceStore& store, const Layout& layout);

// The newest run; nothing when the store knows none. Errors as read_histories(), and the run's
// flaw.
Result<std::optional<RunHistory>> read_newest_history(EvidenceStore& store, const Layout& layout);

}  // namespace runpin
