#include "runpin/gate/reservation.h"

#include <fmt/format.h>

#include "runpin/canon/digest.h"
#include "runpin/canon/json_writer.h"

namespace runpin {
namespace {

Result<bool> taken_by_another_lane(EvidenceStore& store, const Layout& layout,
                                   const Reservation& own, const Stamp& stamp,
                                   std::span<const char> lanes, const AtOnce& at_once) {
  std::vector<Result<std::optional<ObjectHead>>> heads(lanes.size());
  at_once(lanes.size(), [&](std::size_t i) {
    if (lanes[i] != own.first_lane)
      heads[i] = store.head(layout.reservation_key(execution_id(lanes[i], stamp)));
  });
  bool taken = false;
  for (const auto& head : heads) {
    if (!head) return tl::unexpected(head.error());
    taken = taken || *head;
  }
  return taken;
}

// True when `own` now holds `stamp`, false when the stamp is taken.
Result<bool> try_stamp(EvidenceStore& store, const Layout& layout, Reservation& own,
                       const Stamp& stamp, std::span<const char> lanes, const AtOnce& at_once) {
  own.execution_id = execution_id(own.first_lane, stamp);
  if (own.first_lane != lanes.front()) {  // what lies there may be another run's execution
    const auto before = taken_by_another_lane(store, layout, own, stamp, lanes, at_once);
    if (!before || *before) return before ? Result<bool>(false) : before;
  }
  const auto put = store.create({layout.reservation_key(own.execution_id), pretty(to_json(own))});
  if (!put && put.error().kind == ErrorKind::k_conflict) return false;
  if (!put) return tl::unexpected(put.error());
  const auto after = taken_by_another_lane(store, layout, own, stamp, lanes, at_once);
  if (!after) return after;
  return !*after;
}

}  // namespace

std::optional<Instant> instant_of(const Stamp& stamp) {
  constexpr std::size_t k_plain = 16;  // "20260223T174307Z"
  const std::string& text = stamp.str();
  const auto instant = Instant::parse_stamp(text.substr(0, k_plain));
  if (!instant) return std::nullopt;
  const bool numbered = text.size() == k_plain + 3 && text[k_plain] == '_' &&
                        text.find_first_not_of("0123456789", k_plain + 1) == std::string::npos;
  return text.size() == k_plain || numbered ? std::optional(*instant) : std::nullopt;
}

bool is_lane_execution(const ExecutionId& id) {
  constexpr std::size_t k_prefix = 4;  // "m3d_"
  const std::string& text = id.str();
  return text.size() > k_prefix && text.starts_with("m3") && text[2] >= 'a' && text[2] <= 'j' &&
         text[3] == '_' && instant_of(Stamp(text.substr(k_prefix)));
}

Stamp numbered_stamp(const Instant& instant, int suffix) {
  return Stamp(suffix == 0 ? instant.stamp() : fmt::format("{}_{:02}", instant.stamp(), suffix));
}

Stamp Reservation::stamp() const {
  return Stamp(execution_id.str().substr(4));
}

Json without_nonce(const Reservation& r) {
  return object({{"execution_id", r.execution_id.str()},
                 {"reserved_at_utc", r.reserved_at.rfc3339()},
                 {"continues", r.continues ? Json(r.continues->str()) : Json()},
                 {"first_lane", std::string(1, r.first_lane)},
                 {"last_lane", std::string(1, r.last_lane)}});
}

Json to_json(const Reservation& r) {
  Json json = without_nonce(r);
  return json.set("nonce", r.nonce);
}

Result<Reservation> reservation_from_json(const Json& json) {
  const auto letter = [&](std::string_view field) {
    const std::string& text = json[field].text();
    return text.size() == 1 && text[0] >= 'a' && text[0] <= 'j' ? text[0] : '\0';
  };
  Reservation r;
  r.execution_id = ExecutionId(json["execution_id"].text());
  r.first_lane = letter("first_lane");
  r.last_lane = letter("last_lane");
  r.nonce = json["nonce"].text();
  const auto reserved_at = Instant::parse_rfc3339(json["reserved_at_utc"].text());
  const bool prefixed = r.execution_id.str().starts_with(std::string("m3") + r.first_lane + "_");
  const Json* continues = json.find("continues");
  const bool placed = continues && (continues->is_null() || !continues->text().empty());
  if (!reserved_at || !prefixed || !placed || r.first_lane == '\0' || r.last_lane == '\0' ||
      r.nonce.empty())
    return fail(ErrorKind::k_malformed, "a reservation lacks a field or contradicts itself");
  r.reserved_at = *reserved_at;
  if (!continues->is_null()) r.continues = ExecutionId(continues->text());
  r.starts_at = r.continues ? k_no_lane : r.first_lane;
  return r;
}

Sha256 reservation_sha256(const Reservation& reservation) {
  return sha256(pretty(to_json(reservation)));
}

Result<Reservation> reserve_stamp(EvidenceStore& store, const Layout& layout, Reservation wanted,
                                  std::span<const char> lanes, const AtOnce& at_once) {
  for (int suffix = 0; suffix <= k_max_stamp_suffix; ++suffix) {
    const auto held = try_stamp(store, layout, wanted, numbered_stamp(wanted.reserved_at, suffix),
                                lanes, at_once);
    if (!held) return tl::unexpected(held.error());
    if (*held) return wanted;
  }
  return fail(ErrorKind::k_conflict,
              fmt::format("every stamp of {} is taken, _01 to _{}", wanted.reserved_at.rfc3339(),
                          k_max_stamp_suffix),
              layout.reservation_key(wanted.execution_id).str(), "run again a second later");
}

}  // namespace runpin
