// One `run` or `resume` has one stamp for all its lanes. A stamp is reserved by creating
// reservation.json under the attempt's first lane's run-control prefix, if absent; taken, the next
// suffix _01 to _99 is tried. An attempt may start at any lane, so a stamp also counts as taken
// when another lane's prefix holds a reservation: each attempt writes its own before it looks at
// the others', so two can never both keep one stamp.
//
// The reservation is no artifact (it holds a nonce), but it is how the store knows which attempts
// there were.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "runpin/base/instant.h"
#include "runpin/gate/at_once.h"
#include "runpin/gate/layout.h"
#include "runpin/ports/evidence_store.h"

namespace runpin {

// The instant that a stamp, numbered or not, was made of; nothing for text that is no stamp.
std::optional<Instant> instant_of(const Stamp& stamp);

// "m3d_" and a stamp.
bool is_lane_execution(const ExecutionId& id);

inline constexpr int k_max_stamp_suffix = 99;

inline constexpr char k_no_lane = '\0';

struct Reservation {
  ExecutionId execution_id;  // of the attempt's first lane
  Instant reserved_at;       // the attempt's one instant
  std::string nonce;
  std::optional<ExecutionId>
      continues;          // a resume: the attempt it goes on from, by its first execution
  char first_lane = 'a';  // a resume: where it seemed to go on when the stamp was reserved
  char last_lane = 'j';   // what `--to` asked for
  // The first lane that it runs: no part of reservation.json. A run's is first_lane; a resume's is
  // known once it has taken its place (succession.h), and k_no_lane before.
  char starts_at = k_no_lane;
  Stamp stamp() const;  // of execution_id
  // Whether it may have an execution of `lane`.
  bool runs(char lane) const { return starts_at != k_no_lane && starts_at <= lane; }
};

// The stamp of `instant`, with "_01" to "_99" behind it for a suffix above 0.
Stamp numbered_stamp(const Instant& instant, int suffix);

Json to_json(const Reservation& reservation);
// What evidence may show of it.
Json without_nonce(const Reservation& reservation);
Result<Reservation> reservation_from_json(const Json& json);

// SHA-256 of reservation.json: by it the claim and continued_by.json name the reservation that they
// were made under.
Sha256 reservation_sha256(const Reservation& reservation);

// Reserves the first free stamp of `wanted.reserved_at`; `wanted.execution_id` is filled in.
// `lanes`: every lane's letter. k_conflict when all suffixes are taken; otherwise the store's
// error, and then nothing is reserved.
Result<Reservation> reserve_stamp(EvidenceStore& store, const Layout& layout, Reservation wanted,
                                  std::span<const char> lanes,
                                  const AtOnce& at_once = one_after_another);

}  // namespace runpin
