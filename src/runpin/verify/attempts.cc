#include "runpin/verify/attempts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "runpin/gate/succession.h"
#include "runpin/verify/recorded_execution.h"

namespace runpin {
namespace {

constexpr std::size_t k_lane_prefix = 4;  // "m3d_"
constexpr std::size_t k_stamp = 16;       // "20260223T174307Z"

Stamp stamp_of(const ExecutionId& id) {
  return Stamp(id.str().substr(k_lane_prefix));
}

class AttemptFinder {
 public:
  AttemptFinder(EvidenceSnapshot& evidence, const Layout& layout, EvidenceFindings& findings)
      : evidence_(evidence), layout_(layout), findings_(findings) {
    for (const ObjectKey& key : evidence.keys_under(layout.root()))
      if (const auto id = layout.execution_of(key); id && is_lane_execution(*id))
        executions_[stamp_of(*id)].insert(*id);
  }

  std::optional<RunHistory> find(const std::optional<std::string>& wanted) {
    std::optional<Reservation> found = wanted ? named(*wanted) : newest();
    if (!found) return std::nullopt;
    RunHistory history;
    history.attempts = back_from(*found);
    go_forward(history.attempts);
    for (std::size_t i = 0; i < history.attempts.size(); ++i) finish(history.attempts, i);
    return history;
  }

 private:
  std::optional<Reservation> newest() {
    for (auto at = executions_.rbegin(); at != executions_.rend(); ++at)
      if (auto attempt = attempt_at(at->first)) return attempt;
    return std::nullopt;
  }

  std::optional<Reservation> named(const std::string& wanted) {
    const ExecutionId id(wanted);
    if (is_lane_execution(id)) return attempt_at(stamp_of(id));
    if (executions_.contains(Stamp(wanted))) return attempt_at(Stamp(wanted));
    constexpr std::string_view k_platform = "platform_";
    if (!wanted.starts_with(k_platform)) return std::nullopt;
    const Stamp own(wanted.substr(k_platform.size()));
    if (!instant_of(own)) return std::nullopt;
    const std::string instant = own.str().substr(0, k_stamp);
    std::optional<Stamp> untold;
    for (const auto& [stamp, ids] : executions_) {
      if (!stamp.str().starts_with(instant) || !ids.contains(execution_id('b', stamp))) continue;
      const std::set<std::string> pinned = pinned_by(stamp);
      if (pinned.contains(wanted)) return attempt_at(stamp);
      if (pinned.empty() && stamp == own) untold = stamp;
    }
    return untold ? attempt_at(*untold) : std::nullopt;
  }

  // The texts of what the stamp's M3.B pinned; none where that cannot be read.
  std::set<std::string> pinned_by(const Stamp& stamp) {
    const auto seed =
        evidence_.get(layout_.artifact_key(execution_id('b', stamp), "m3b_run_identity_seed.json"));
    const auto body = seed && *seed ? read_json((*seed)->bytes, "seed") : Result<Json>(Json());
    std::set<std::string> texts;
    if (body)
      for (const auto& [field, value] : body->members())
        if (value.if_string()) texts.insert(value.text());
    return texts;
  }

  // The attempt that has a stamp; nothing where all that it left is a reservation that counts for
  // nothing.
  std::optional<Reservation> attempt_at(const Stamp& stamp) {
    const auto at = executions_.find(stamp);
    if (at == executions_.end()) return std::nullopt;
    std::vector<ExecutionId> reserved;
    for (const ExecutionId& id : at->second)
      if (evidence_.is_listed(layout_.reservation_key(id))) reserved.push_back(id);
    for (const ExecutionId& id : reserved) {
      Reservation attempt = read(id, nullptr);
      if (!is_abandoned(attempt) && (is_in_its_place(attempt) || left_evidence(stamp)))
        return attempt;
    }
    if (reserved.empty()) return told_by_traces(*at->second.begin());
    if (!left_evidence(stamp)) return std::nullopt;
    for (const ExecutionId& id : reserved)
      if (Reservation attempt = read(id, nullptr); is_in_its_place(attempt)) return attempt;
    return read(reserved.front(), nullptr);
  }

  // Anything that an attempt leaves once it has its place.
  bool left_evidence(const Stamp& stamp) const {
    for (const ExecutionId& id : executions_.at(stamp))
      for (const ObjectKey& key : evidence_.keys_under(layout_.execution_prefix(id)))
        if (key != layout_.reservation_key(id)) return true;
    return false;
  }

  // `*flaw` gets why the reservation cannot be taken as it stands.
  Reservation read(const ExecutionId& id, std::optional<Error>* flaw) {
    const ObjectKey key = layout_.reservation_key(id);
    const auto object = evidence_.get(key);
    std::optional<Error> why;
    if (!object)
      why = object.error();
    else if (!*object)
      why = Error{ErrorKind::k_not_found, "there is no reservation", key.str(), ""};
    if (!why) {
      const auto body = read_json((*object)->bytes, key.str());
      auto reservation = body ? reservation_from_json(*body) : tl::unexpected(body.error());
      if (!reservation)
        why = reservation.error();
      else if (pretty(to_json(*reservation)) != (*object)->bytes)
        why = Error{ErrorKind::k_malformed, "it holds more than a reservation does", key.str(), ""};
      else if (reservation->execution_id != id ||
               !reservation->stamp().str().starts_with(reservation->reserved_at.stamp()))
        why = Error{ErrorKind::k_malformed, "it is the reservation of another attempt", key.str(),
                    ""};
      else
        return *reservation;
    }
    if (flaw) *flaw = why;
    return told_by_traces(id);
  }

  // The attempt whose own reservation says nothing.
  Reservation told_by_traces(const ExecutionId& id) {
    Reservation told;
    told.execution_id = id;
    told.reserved_at = *instant_of(stamp_of(id));
    told.first_lane = id.str()[2];
    told.starts_at = told.first_lane;
    for (const ObjectKey& key : evidence_.keys_under(layout_.root())) {
      if (!key.str().ends_with("/" + std::string(k_succession_name))) continue;
      const ExecutionId earlier = *layout_.execution_of(key);
      const auto next = successor_of(evidence_, layout_, earlier);
      if (next && *next && stamp_of(**next) == stamp_of(id)) told.continues = earlier;
    }
    if (told.continues) told.starts_at = k_no_lane;
    return told;
  }

  // A racer that found its stamp taken took a later one under the same nonce.
  bool is_abandoned(const Reservation& r) { return retaken_as(r).has_value(); }

  // The later reservation under the nonce of `r`.
  std::optional<ExecutionId> retaken_as(const Reservation& r) {
    if (r.nonce.empty()) return std::nullopt;
    for (auto at = executions_.upper_bound(r.stamp());
         at != executions_.end() && at->first.str().starts_with(r.reserved_at.stamp()); ++at)
      for (const ExecutionId& id : at->second)
        if (evidence_.is_listed(layout_.reservation_key(id)) && read(id, nullptr).nonce == r.nonce)
          return id;
    return std::nullopt;
  }

  bool is_in_its_place(const Reservation& r) {
    if (!r.continues) return true;
    const auto next = successor_of(evidence_, layout_, *r.continues);
    return next && *next == r.execution_id;
  }

  std::vector<Reservation> back_from(const Reservation& newest) {
    std::vector<Reservation> attempts{newest};
    std::set<ExecutionId> seen{newest.execution_id};
    while (attempts.front().continues && seen.insert(*attempts.front().continues).second) {
      const ExecutionId earlier = *attempts.front().continues;
      if (!executions_.contains(is_lane_execution(earlier) ? stamp_of(earlier) : Stamp())) {
        findings_.add({"missing",
                       fmt::format("it goes on from {}, which left nothing", earlier.str()),
                       "the evidence of that attempt", "no object",
                       layout_.reservation_key(attempts.front().execution_id).str()});
        break;
      }
      attempts.insert(attempts.begin(), read(earlier, nullptr));
    }
    return attempts;
  }

  void go_forward(std::vector<Reservation>& attempts) {
    std::set<ExecutionId> seen;
    for (const Reservation& attempt : attempts) seen.insert(attempt.execution_id);
    while (true) {
      const auto next = successor_of(evidence_, layout_, attempts.back().execution_id);
      if (!next || !*next) return;  // finish() says what is wrong
      if (!is_lane_execution(**next) || !seen.insert(**next).second) return;
      if (!executions_.contains(stamp_of(**next))) return;
      Reservation successor = read(**next, nullptr);
      if (successor.continues != attempts.back().execution_id) return;
      attempts.push_back(std::move(successor));
    }
  }

  // Checks the documents of attempt `i`, and tells where it starts.
  void finish(std::vector<Reservation>& attempts, std::size_t i) {
    Reservation& attempt = attempts[i];
    const ObjectKey key = layout_.reservation_key(attempt.execution_id);
    std::optional<Error> flaw;
    read(attempt.execution_id, &flaw);
    if (flaw)
      findings_.add({"attempt", "the reservation of an attempt does not hold",
                     "the reservation of " + attempt.execution_id.str(), one_line(*flaw), key.str(),
                     is_out_of_reach(*flaw)});
    if (const auto retaken = flaw ? std::nullopt : retaken_as(attempt); retaken)
      findings_.add({"attempt", "a reservation has the nonce of an attempt that kept its stamp",
                     "a nonce of its own", "that of " + key.str(),
                     layout_.reservation_key(*retaken).str()});
    if (i == 0 && !flaw && (attempt.continues || attempt.first_lane != 'a'))
      findings_.add({"attempt", "the run's first attempt is none", "an attempt that starts at M3.A",
                     fmt::format("one that starts at lane {}", attempt.first_lane), key.str()});
    check_succession(attempts, i);
    if (attempt.continues) attempt.starts_at = start_of(attempt);
  }

  void check_succession(const std::vector<Reservation>& attempts, std::size_t i) {
    const Reservation& attempt = attempts[i];
    const ObjectKey key = succession_key(layout_, attempt.execution_id);
    const auto object = evidence_.get(key);
    if (!object) return findings_.add(object.error(), key.str());
    if (i + 1 == attempts.size()) {
      if (*object)
        findings_.add({"attempt", "it names an attempt that is not there, or goes on from another",
                       "the reservation of the attempt that goes on",
                       successor_text((*object)->bytes), key.str()});
      return;
    }
    const Reservation& next = attempts[i + 1];
    const Bytes expected = succession_body(next);
    if (*object && (*object)->bytes == expected) return;
    const Differing differs = differing(expected, *object ? (*object)->bytes : "");
    findings_.add({"attempt",
                   fmt::format("it does not bind {}, which goes on from this attempt",
                               layout_.reservation_key(next.execution_id).str()),
                   differs.expected, *object ? differs.found : "no object", key.str()});
  }

  static std::string successor_text(const Bytes& bytes) {
    const auto body = read_json(bytes, "");
    return body ? (*body)["execution_id"].text() : "no JSON document";
  }

  char start_of(const Reservation& attempt) {
    const auto start = read_start(evidence_, layout_, attempt.execution_id);
    const ObjectKey key = layout_.artifact_key(attempt.execution_id, k_start_name);
    if (!start) {
      findings_.add({"attempt", "where a resume starts is not told", "the lane that it starts at",
                     one_line(start.error()), key.str(), is_out_of_reach(start.error())});
      return attempt.first_lane;
    }
    if (*start == k_no_lane) {
      if (!left_lane_evidence(attempt.stamp())) return k_no_lane;
      findings_.add({"missing", "where a resume starts is not told", "the lane that it starts at",
                     "no object", key.str()});
      return attempt.first_lane;
    }
    const auto object = evidence_.get(key);
    Reservation told = attempt;
    told.starts_at = *start;
    if (object && *object && (*object)->bytes != start_body(told)) {
      const Differing differs = differing(start_body(told), (*object)->bytes);
      findings_.add({"attempt", "it says more than where a resume starts, or something else",
                     differs.expected, differs.found, key.str()});
    }
    return *start;
  }

  bool left_lane_evidence(const Stamp& stamp) const {
    for (const ExecutionId& id : executions_.at(stamp))
      for (const ObjectKey& key : evidence_.keys_under(layout_.execution_prefix(id)))
        if (key != layout_.reservation_key(id) && key != succession_key(layout_, id)) return true;
    return false;
  }

  EvidenceSnapshot& evidence_;
  const Layout& layout_;
  EvidenceFindings& findings_;
  std::map<Stamp, std::set<ExecutionId>> executions_;  // that left any object
};

}  // namespace

std::optional<RunHistory> find_attempts(EvidenceSnapshot& evidence, const Layout& layout,
                                        const std::optional<std::string>& wanted,
                                        EvidenceFindings& findings) {
  return AttemptFinder(evidence, layout, findings).find(wanted);
}

}  // namespace runpin
