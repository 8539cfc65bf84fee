#include "runpin/gate/history.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "runpin/canon/json_reader.h"

namespace runpin {
namespace {

Result<std::vector<ObjectKey>> reservation_keys(EvidenceStore& store, const Layout& layout) {
  auto keys = store.list(layout.root(), 0);
  if (!keys) return keys;
  std::erase_if(*keys, [&](const ObjectKey& key) {
    const auto id = layout.execution_of(key);
    return !id || !id->str().starts_with("m3") || layout.reservation_key(*id) != key;
  });
  return keys;
}

Result<Reservation> read_reservation(EvidenceStore& store, const ObjectKey& key) {
  const auto object = store.get(key);
  if (!object) return tl::unexpected(object.error());
  if (!*object)
    return fail(ErrorKind::k_not_found, "a reservation that was listed is gone", key.str());
  const auto json = read_json((*object)->bytes, key.str());
  if (!json) return tl::unexpected(json.error());
  auto reservation = reservation_from_json(*json);
  if (!reservation) reservation.error().where = key.str();
  return reservation;
}

bool older(const Reservation& a, const Reservation& b) {
  return std::pair(a.stamp(), a.execution_id) < std::pair(b.stamp(), b.execution_id);
}

// A racer that found its stamp taken after all leaves its reservation behind and takes a later one,
// known by the nonce: what it left is no attempt. REQUIRES: oldest first.
void drop_abandoned(std::vector<Reservation>& reservations) {
  std::set<std::pair<std::string, Instant>> kept;
  std::vector<Reservation> attempts;
  for (auto r = reservations.rbegin(); r != reservations.rend(); ++r)
    if (kept.emplace(r->nonce, r->reserved_at).second) attempts.push_back(std::move(*r));
  reservations.assign(std::make_move_iterator(attempts.rbegin()),
                      std::make_move_iterator(attempts.rend()));
}

}  // namespace

ExecutionId RunHistory::execution(char lane) const {
  for (auto attempt = attempts.rbegin(); attempt != attempts.rend(); ++attempt)
    if (attempt->first_lane <= lane) return runpin::execution_id(lane, attempt->stamp());
  return {};
}

std::vector<ExecutionId> RunHistory::superseded(char lane) const {
  std::vector<ExecutionId> ids;
  for (const Reservation& attempt : attempts)
    if (attempt.first_lane <= lane) ids.push_back(runpin::execution_id(lane, attempt.stamp()));
  if (!ids.empty()) ids.pop_back();
  return ids;
}

Result<std::vector<RunHistory>> read_histories(EvidenceStore& store, const Layout& layout) {
  const auto keys = reservation_keys(store, layout);
  if (!keys) return tl::unexpected(keys.error());
  std::vector<Reservation> all;
  for (const ObjectKey& key : *keys) {
    auto reservation = read_reservation(store, key);
    if (!reservation) return tl::unexpected(reservation.error());
    all.push_back(std::move(*reservation));
  }
  std::sort(all.begin(), all.end(), older);
  drop_abandoned(all);
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
  std::sort(histories.begin(), histories.end(),
            [](const RunHistory& a, const RunHistory& b) { return older(b.newest(), a.newest()); });
  return histories;
}

Result<std::optional<RunHistory>> read_newest_history(EvidenceStore& store, const Layout& layout) {
  auto keys = reservation_keys(store, layout);
  if (!keys) return tl::unexpected(keys.error());
  if (keys->empty()) return std::nullopt;
  // Within a root, keys differ by "m3<letter>_<stamp>": the newest attempt is the largest behind
  // the letter.
  const auto newest =
      std::max_element(keys->begin(), keys->end(), [&](const ObjectKey& a, const ObjectKey& b) {
        return layout.execution_of(a)->str().substr(4) < layout.execution_of(b)->str().substr(4);
      });
  RunHistory history;
  std::set<ExecutionId> seen;
  for (std::optional<ObjectKey> key = *newest; key;) {
    auto reservation = read_reservation(store, *key);
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
