#include "runpin/gate/history.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "runpin/canon/json_reader.h"
#include "runpin/gate/succession.h"

namespace runpin {
namespace {

Result<std::vector<ObjectKey>> lane_keys(EvidenceStore& store, const Layout& layout) {
  auto keys = store.list(layout.root(), 0);
  if (!keys) return keys;
  std::erase_if(*keys, [&](const ObjectKey& key) {
    const auto id = layout.execution_of(key);
    return !id || !is_lane_execution(*id);
  });
  return keys;
}

// Of lane_keys().
std::vector<ObjectKey> reservations_among(std::vector<ObjectKey> keys, const Layout& layout) {
  std::erase_if(keys, [&](const ObjectKey& key) {
    return layout.reservation_key(*layout.execution_of(key)) != key;
  });
  return keys;
}

// How many reservations each stamp has that some lane left evidence under. `keys`: lane_keys().
std::map<std::string, int> reservations_by_used_stamp(const std::vector<ObjectKey>& keys,
                                                      const Layout& layout) {
  std::map<std::string, int> reservations, used;
  for (const ObjectKey& key : keys) {
    const ExecutionId id = *layout.execution_of(key);
    const std::string stamp = id.str().substr(4);
    if (layout.reservation_key(id) == key) ++reservations[stamp];
    if (key.str().ends_with("_execution_summary.json")) used[stamp];
  }
  for (auto& [stamp, count] : used) count = reservations[stamp];
  return used;
}

Result<Reservation> read_reservation(EvidenceStore& store, const Layout& layout,
                                     const ObjectKey& key) {
  const auto object = store.get(key);
  if (!object) return tl::unexpected(object.error());
  if (!*object)
    return fail(ErrorKind::k_not_found, "a reservation that was listed is gone", key.str());
  const auto json = read_json((*object)->bytes, key.str());
  if (!json) return tl::unexpected(json.error());
  auto reservation = reservation_from_json(*json);
  if (!reservation) {
    reservation.error().where = key.str();
    return reservation;
  }
  if (reservation->continues) {
    const auto start = read_start(store, layout, reservation->execution_id);
    if (!start) return tl::unexpected(start.error());
    reservation->starts_at = *start;
  }
  return reservation;
}

// Whether it goes on from another attempt that has it for its successor, or from none.
Result<bool> is_in_its_place(EvidenceStore& store, const Layout& layout, const Reservation& r) {
  if (!r.continues) return true;
  const auto successor = successor_of(store, layout, *r.continues);
  if (!successor) return tl::unexpected(successor.error());
  return *successor == r.execution_id;
}

// The newest attempt of a run has no successor. One that is named came meanwhile, or was taken away
// (k_malformed). True when there is none.
Result<bool> is_last(EvidenceStore& store, const Layout& layout, const Reservation& newest) {
  const auto successor = successor_of(store, layout, newest.execution_id);
  if (!successor) return tl::unexpected(successor.error());
  if (!*successor) return true;
  const auto there = store.head(layout.reservation_key(**successor));
  if (!there) return tl::unexpected(there.error());
  if (*there) return false;
  return fail(
      ErrorKind::k_malformed,
      newest.execution_id.str() + " was gone on from, and that attempt's reservation is gone",
      succession_key(layout, newest.execution_id).str(),
      "runpin run: evidence that was deleted cannot be gone on from");
}

bool older(const Reservation& a, const Reservation& b) {
  return std::pair(a.stamp(), a.execution_id) < std::pair(b.stamp(), b.execution_id);
}

// A racer that found its stamp taken after all leaves its reservation behind and takes a later one,
// known by the nonce: what it left is no attempt, unless there is evidence under that stamp and
// nobody else to have written it. REQUIRES: oldest first.
void drop_abandoned(std::vector<Reservation>& reservations,
                    const std::map<std::string, int>& reservations_by_used_stamp) {
  std::set<std::pair<std::string, Instant>> kept;
  std::vector<Reservation> attempts;
  for (auto r = reservations.rbegin(); r != reservations.rend(); ++r) {
    const auto used = reservations_by_used_stamp.find(r->stamp().str());
    const bool wrote = used != reservations_by_used_stamp.end() && used->second == 1;
    if (kept.emplace(r->nonce, r->reserved_at).second || wrote) attempts.push_back(std::move(*r));
  }
  reservations.assign(std::make_move_iterator(attempts.rbegin()),
                      std::make_move_iterator(attempts.rend()));
}

// The store answers, and what it has is no reservation.
bool is_damage(const Error& error) {
  return error.kind == ErrorKind::k_malformed || error.kind == ErrorKind::k_mismatch;
}

RunHistory unreadable_history(const ExecutionId& id, Error flaw) {
  Reservation attempt;
  attempt.execution_id = id;
  attempt.first_lane = attempt.starts_at = id.str()[2];
  if (flaw.fix.empty()) flaw.fix = "runpin run starts a new run";
  return {{std::move(attempt)}, std::move(flaw)};
}

// Within a root, keys differ by "m3<letter>_<stamp>": newer is larger behind the letter.
Result<std::optional<Reservation>> newest_attempt(EvidenceStore& store, const Layout& layout,
                                                  std::vector<ObjectKey> keys) {
  const auto stamp_of = [&](const ObjectKey& key) {
    return layout.execution_of(key)->str().substr(4);
  };
  std::sort(keys.begin(), keys.end(),
            [&](const ObjectKey& a, const ObjectKey& b) { return stamp_of(b) < stamp_of(a); });
  for (const ObjectKey& key : keys) {
    auto reservation = read_reservation(store, layout, key);
    if (!reservation) return tl::unexpected(reservation.error());
    const auto placed = is_in_its_place(store, layout, *reservation);
    if (!placed) return tl::unexpected(placed.error());
    if (*placed) return std::move(*reservation);
  }
  return std::nullopt;
}

}  // namespace

ExecutionId RunHistory::execution(char lane) const {
  for (auto attempt = attempts.rbegin(); attempt != attempts.rend(); ++attempt)
    if (attempt->runs(lane)) return runpin::execution_id(lane, attempt->stamp());
  return {};
}

char RunHistory::last_lane() const {
  for (auto attempt = attempts.rbegin(); attempt != attempts.rend(); ++attempt)
    if (attempt->starts_at != k_no_lane) return attempt->last_lane;
  return attempts.front().last_lane;
}

std::vector<ExecutionId> RunHistory::superseded(char lane) const {
  std::vector<ExecutionId> ids;
  for (const Reservation& attempt : attempts)
    if (attempt.runs(lane)) ids.push_back(runpin::execution_id(lane, attempt.stamp()));
  if (!ids.empty()) ids.pop_back();
  return ids;
}

Result<std::vector<RunHistory>> read_histories(EvidenceStore& store, const Layout& layout) {
  const auto keys = lane_keys(store, layout);
  if (!keys) return tl::unexpected(keys.error());
  std::vector<Reservation> all;
  std::vector<RunHistory> unreadable;
  for (const ObjectKey& key : reservations_among(*keys, layout)) {
    auto reservation = read_reservation(store, layout, key);
    if (!reservation && is_damage(reservation.error())) {
      unreadable.push_back(unreadable_history(*layout.execution_of(key), reservation.error()));
      continue;
    }
    if (!reservation) return tl::unexpected(reservation.error());
    const auto placed = is_in_its_place(store, layout, *reservation);
    if (!placed) return tl::unexpected(placed.error());
    if (*placed) all.push_back(std::move(*reservation));
  }
  std::sort(all.begin(), all.end(), older);
  drop_abandoned(all, reservations_by_used_stamp(*keys, layout));
  std::vector<RunHistory> histories;
  std::map<ExecutionId, std::size_t> history_by_attempt;
  for (Reservation& reservation : all) {
    const auto known = reservation.continues ? history_by_attempt.find(*reservation.continues)
                                             : history_by_attempt.end();
    std::size_t index = histories.size();
    if (known != history_by_attempt.end())
      index = known->second;
    else
      histories.emplace_back();
    history_by_attempt[reservation.execution_id] = index;
    histories[index].attempts.push_back(std::move(reservation));
  }
  for (RunHistory& history : histories)
    if (const auto last = is_last(store, layout, history.newest()); !last)
      history.flaw = last.error();
  std::move(unreadable.begin(), unreadable.end(), std::back_inserter(histories));
  std::sort(histories.begin(), histories.end(),
            [](const RunHistory& a, const RunHistory& b) { return older(b.newest(), a.newest()); });
  return histories;
}

Result<std::optional<RunHistory>> read_newest_history(EvidenceStore& store, const Layout& layout) {
  std::optional<Reservation> newest;
  constexpr int k_most_readings = 100;  // an attempt may be gone on from while this reads
  int readings = 0;
  for (bool last = false; !last;) {
    if (++readings > k_most_readings)
      return fail(ErrorKind::k_malformed,
                  "attempts contradict each other: the newest was gone on from by an older one",
                  layout.reservation_key(newest->execution_id).str(),
                  "runpin run starts a new run");
    auto keys = lane_keys(store, layout);
    if (!keys) return tl::unexpected(keys.error());
    auto found = newest_attempt(store, layout, reservations_among(*std::move(keys), layout));
    if (!found) return tl::unexpected(found.error());
    if (!*found) return std::nullopt;
    newest = std::move(*found);
    const auto is_end = is_last(store, layout, *newest);
    if (!is_end) return tl::unexpected(is_end.error());
    last = *is_end;
  }
  RunHistory history;
  std::set<ExecutionId> seen;
  for (std::optional<ObjectKey> key = layout.reservation_key(newest->execution_id); key;) {
    auto reservation = read_reservation(store, layout, *key);
    if (!reservation) return tl::unexpected(reservation.error());
    if (!seen.insert(reservation->execution_id).second)
      return fail(ErrorKind::k_malformed, "attempts continue each other in a circle", key->str());
    key = reservation->continues ? std::optional(layout.reservation_key(*reservation->continues))
                                 : std::nullopt;
    history.attempts.insert(history.attempts.begin(), std::move(*reservation));
  }
  return history;
}

}  // namespace runpin
