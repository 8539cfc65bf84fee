#include "runpin/gate/chain.h"

#include <fmt/format.h>

#include <algorithm>

#include "runpin/gate/attempt_facts.h"
#include "runpin/gate/closure_note.h"
#include "runpin/gate/local_copies.h"
#include "runpin/gate/resets.h"
#include "runpin/gate/succession.h"
#include "runpin/gate/unavailable_store.h"

namespace runpin {
namespace {

std::vector<char> letters_of(std::span<const Lane> lanes) {
  std::vector<char> letters;
  for (const Lane& lane : lanes) letters.push_back(lane.contract.letter);
  return letters;
}

Ports with_store(Ports ports, EvidenceStore& store) {
  ports.store = &store;
  return ports;
}

bool is_green(const LaneEvidence& evidence) {
  return evidence.state == LaneState::k_green;
}

}  // namespace

Chain::Chain(std::span<const Lane> lanes, const Ports& ports, const Workspace& workspace,
             const Registry& registry, const Layout& layout, const FieldNames& names)
    : lanes_(lanes),
      written_(ports.store),
      ports_(with_store(ports, written_)),
      workspace_(workspace),
      registry_(registry),
      layout_(layout),
      names_(names),
      inputs_{lanes, layout, names},
      reader_(written_, layout, names) {}

Result<RunReport> Chain::run(Instant now, char to) {
  Attempt attempt;
  attempt.reservation = {{}, now, ports_.nonce(), {}, lanes_.front().contract.letter, to};
  attempt.reservation.starts_at = attempt.reservation.first_lane;
  const auto reserved = reserve(attempt);
  if (reserved) return go(std::move(attempt));
  // Nobody holds the stamp, so nothing may be published under it; the lanes say what the store
  // answered.
  ports_.log("no stamp could be reserved: " + one_line(reserved.error()));
  attempt.reservation.execution_id =
      execution_id(attempt.reservation.first_lane, Stamp(now.stamp()));
  UnavailableStore no_store(ports_.store->name(), reserved.error());
  Ports without_store = ports_;
  without_store.store = &no_store;
  return Chain(lanes_, without_store, workspace_, registry_, layout_, names_)
      .go(std::move(attempt));
}

Result<RunReport> Chain::resume(Instant now, char to) {
  auto history = read_newest_history(*ports_.store, layout_);
  if (!history) return tl::unexpected(history.error());
  if (!*history)
    return fail(ErrorKind::k_usage, "there is no run to resume", ports_.store->name(),
                "start one with runpin run");
  Attempt attempt;
  attempt.before = &**history;
  const Reservation& earlier = (*history)->newest();
  const char boundary = first_open_lane(**history);
  const RunReport standing = status(**history);
  if (boundary == k_no_lane) return tl::unexpected(nothing_to_resume(**history, standing));
  if (boundary > to)
    return fail(ErrorKind::k_usage, fmt::format("every lane up to {} is green already", to), "",
                "resume to a later lane, or start a new run");
  if (now < earlier.reserved_at)
    return fail(ErrorKind::k_usage,
                fmt::format("{} is before {}, the instant of the attempt to go on from",
                            now.rfc3339(), earlier.reserved_at.rfc3339()),
                "", "set the clock right, or give a later --now");
  if (const auto permitted = check_reset(standing, earlier, now); !permitted)
    return tl::unexpected(permitted.error());
  if (const auto whole = check_sources(**history); !whole) return tl::unexpected(whole.error());
  attempt.reservation = {{}, now, ports_.nonce(), earlier.execution_id, boundary, to};
  if (const auto reserved = reserve(attempt); !reserved) return tl::unexpected(reserved.error());
  if (const auto succeeded = succeed(*ports_.store, layout_, attempt.reservation); !succeeded)
    return tl::unexpected(succeeded.error());
  if (const auto started = start_behind(**history, attempt.reservation); !started)
    return tl::unexpected(started.error());
  if (const auto whole = complete_local_copies(**history, lanes_, reader_, *ports_.local); !whole)
    ports_.log(one_line(whole.error()));  // a lane that cannot write its own says so itself
  for (const Lane& lane : lanes_)
    if (lane.contract.letter < attempt.reservation.starts_at)
      attempt.evidence[lane.contract.letter] =
          reader_.read_lane(lane.contract, (*history)->execution(lane.contract.letter));
  return go(std::move(attempt));
}

// The earlier attempt may still have been under way; from here on it publishes nothing more, and so
// how far the run got is read again.
Result<void> Chain::start_behind(RunHistory& history, Reservation& resume) {
  Reservation& earlier = history.attempts.back();
  if (earlier.continues) {
    const auto start = read_start(*ports_.store, layout_, earlier.execution_id);
    if (!start) return tl::unexpected(start.error());
    earlier.starts_at = *start;
  }
  reader_.forget();
  resume.starts_at = first_open_lane(history);
  if (resume.starts_at == k_no_lane)
    return tl::unexpected(nothing_to_resume(history, status(history)));
  return record_start(*ports_.store, layout_, resume);
}

// Whether the last lane's evidence is that by which the run stands, though a resume has come since:
// one that found the run complete.
bool Chain::still_counts(const Attempt& attempt) {
  const auto newest = read_newest_history(*ports_.store, layout_);
  const char last = attempt.reservation.last_lane;
  return newest && *newest &&
         (*newest)->execution(last) == execution_id(last, attempt.reservation.stamp());
}

Result<void> Chain::reserve(Attempt& attempt) {
  const auto reserved = reserve_stamp(*ports_.store, layout_, attempt.reservation,
                                      letters_of(lanes_), ports_.at_once);
  if (!reserved) return tl::unexpected(reserved.error());
  attempt.reservation = *reserved;
  return {};
}

// What a lane was made from is still there: a summary that a later one names does not just go.
Result<void> Chain::check_sources(const RunHistory& history) {
  for (const Lane& lane : lanes_) {
    if (lane.contract.always_runs) continue;  // they also name what left no durable evidence
    const LaneEvidence later =
        reader_.read_summary(lane.contract, history.execution(lane.contract.letter));
    for (const Json& source : later.summary["sources"].items()) {
      const char letter = inputs_.letter_of(source["lane"].text());
      if (letter == '\0' || history.execution(letter).str() != source["execution_id"].text())
        continue;
      const Lane& earlier = lanes_[static_cast<std::size_t>(letter - 'a')];
      const LaneEvidence found = reader_.read_summary(earlier.contract, history.execution(letter));
      if (found.state != LaneState::k_absent) continue;  // whether it is the same M3.I judges
      return fail(ErrorKind::k_malformed,
                  fmt::format("{} was made from {}, whose summary is gone",
                              later.execution_id.str(), found.execution_id.str()),
                  source["summary_key"].text(),
                  "runpin run: committed evidence is never mended in place");
    }
  }
  return {};
}

// What the green lanes before a resume prove now, as a fact.
Json Chain::prove_again(const std::vector<ClosingProof>& proofs, std::vector<Receipt>& receipts) {
  Json proven = Json::Array{};
  for (const ClosingProof& proof : proofs) {
    World world(ports_, workspace_, registry_);
    proven.push(closing_fact(proof, proof.lane->gather(proof.context, proof.up, world)));
    receipts.insert(receipts.end(), world.receipts().begin(), world.receipts().end());
  }
  return proven;
}

// What the verdict closes over is proven once more: of a resume the lanes before it and all of the
// run's evidence, of a run what it wrote itself.
void Chain::close(const Attempt& attempt, Draft& draft) {
  const Lane& last = lanes_.back();
  std::vector<ClosingProof> proofs;
  if (attempt.before) {
    proofs = closing_proofs(inputs_, attempt, *ports_.store, reader_);
    draft.facts.set("proven_again", prove_again(proofs, draft.receipts));
    draft.facts.set("evidence_flaw",
                    ports_.evidence_flaw(*ports_.store, attempt.reservation.execution_id));
  } else if (Json change = written_.first_change(ports_.at_once); !change.is_null()) {
    draft.facts.set("evidence_flaw", std::move(change));
  }
  draft.judgement.blockers = broken_proofs(last, proofs, draft.facts);
}

// k_no_lane when every lane is green.
char Chain::first_open_lane(const RunHistory& history) {
  for (const Lane& lane : lanes_)
    if (!is_green(reader_.read_summary(lane.contract, history.execution(lane.contract.letter))))
      return lane.contract.letter;
  return k_no_lane;
}

Error Chain::taken_over(const Attempt& attempt) const {
  return {
      ErrorKind::k_superseded,
      fmt::format("a resume took this run over while {} was under way; it publishes nothing more",
                  attempt.reservation.execution_id.str()),
      succession_key(layout_, attempt.reservation.execution_id).str(),
      "runpin status shows how the run stands"};
}

// Where the store does not answer, publishing will show it.
Result<void> Chain::check_lead(const Attempt& attempt) const {
  const auto key = succession_key(layout_, attempt.reservation.execution_id);
  const auto succeeded = ports_.store->head(key);
  if (succeeded && *succeeded) return tl::unexpected(taken_over(attempt));
  return {};
}

// A complete run has nothing left to do but a note and local files that a stop took.
Error Chain::nothing_to_resume(const RunHistory& history, const RunReport& standing) {
  const LaneEvidence verdict =
      reader_.read_lane(lanes_.back().contract, history.execution(lanes_.back().contract.letter));
  if (const auto noted = append_closure_notes(verdict); !noted) return noted.error();
  if (const auto whole = complete_local_copies(history, lanes_, reader_, *ports_.local); !whole)
    return whole.error();
  return {ErrorKind::k_usage,
          fmt::format("nothing to resume: {} is complete with {}", standing.platform_run_id.text(),
                      standing.verdict.text()),
          "", "runpin status shows it; runpin run starts a new one"};
}

Result<void> Chain::check_reset(const RunReport& standing, const Reservation& newest,
                                const Instant& now) {
  if (standing.hold_class != k_no_go) return {};
  const auto resets = read_receipts(*ports_.store, layout_, k_reset_prefix, k_reset_name);
  if (!resets) return tl::unexpected(resets.error());
  const std::string& answered = newest.execution_id.str();
  std::string flaw = fmt::format("no reset receipt answers {}", answered);
  for (const RecordedReceipt& reset : *resets) {
    if (reset.body["answers_execution_id"].text() != answered) continue;
    const std::string found = reset_flaw(reset.body, newest, now);
    if (found.empty()) return {};
    flaw = fmt::format("{} answers {}, but {}", reset.id.str(), answered, found);
  }
  return fail(ErrorKind::k_reset_required,
              fmt::format("the run stands at {}, and {}", k_no_go, flaw), ports_.store->name(),
              fmt::format("record one with: {}; then runpin resume", k_reset_command));
}

Result<RunReport> Chain::go(Attempt attempt) {
  for (std::size_t next = 0; next < lanes_.size() || attempt.open;) {
    const auto step = next < lanes_.size() ? take_step(next, attempt) : settle_alone(attempt);
    if (!step) return tl::unexpected(step.error());
    next = *step;
  }
  bool proven = true;
  Result<void> leads;
  ports_.at_once(2, [&](std::size_t i) {
    if (i == 0)
      proven = reader_.prove(ports_.at_once);
    else
      leads = check_lead(attempt);
  });
  if (!leads && !still_counts(attempt)) return tl::unexpected(leads.error());
  if (!proven) read_again(attempt);
  if (const auto verdict = attempt.evidence.find('j'); verdict != attempt.evidence.end()) {
    const auto noted = append_closure_notes(verdict->second);
    if (!noted && is_green(verdict->second)) return tl::unexpected(noted.error());
    if (!noted) ports_.log(one_line(noted.error()));  // a held verdict says so itself
  }
  RunReport result = report(attempt);
  const bool asked_for_verdict = attempt.reservation.last_lane == lanes_.back().contract.letter;
  if (asked_for_verdict && result.verdict.is_null()) result.verdict = Json(k_hold_m3);
  result.lane_milliseconds = std::move(attempt.timings);
  return result;
}

bool Chain::takes_part(const Lane& lane, const Attempt& attempt) const {
  const char letter = lane.contract.letter;
  if (letter < attempt.reservation.starts_at) return false;
  if (letter <= attempt.reservation.last_lane) return true;
  const bool held = std::any_of(attempt.evidence.begin(), attempt.evidence.end(),
                                [](const auto& entry) { return !is_green(entry.second); });
  return held && lane.contract.always_runs;
}

void Chain::record(const Lane& lane, LaneEvidence evidence, std::int64_t started,
                   Attempt& attempt) const {
  ports_.log(fmt::format("{} {}: {}{}", lane.contract.lane, lane.contract.title,
                         name_of(evidence.state),
                         evidence.reason.empty() ? "" : ", " + evidence.reason));
  attempt.timings.emplace_back(lane.contract.lane, ports_.ticks() - started);
  attempt.evidence[lane.contract.letter] = std::move(evidence);
}

// What comes back, here and below, is the index of the lane to go on with.
Result<std::size_t> Chain::take_step(std::size_t index, Attempt& attempt) {
  const Lane& lane = lanes_[index];
  if (!takes_part(lane, attempt)) return index + 1;
  if (auto behind = inputs_.stopped(lane, attempt)) {
    record(lane, std::move(*behind), ports_.ticks(), attempt);
    return index + 1;
  }
  return run_lane(index, attempt);
}

Result<std::size_t> Chain::settle_alone(Attempt& attempt) {
  const auto settled = settle(attempt);
  if (!settled) return tl::unexpected(settled.error());
  return settled->next;
}

// A lane that reads evidence which is not there, or does not hold together, is refused before it
// gathers.
std::optional<Draft> Chain::refused(const Lane& lane, const LaneContext& context,
                                    const Upstream& up) const {
  std::vector<Blocker> blockers = inputs_.refusal(lane, up);
  if (blockers.empty()) return {};
  Draft draft;
  draft.context = &context;
  draft.upstream = &up;
  draft.judgement.blockers = std::move(blockers);
  return draft;
}

// The lane before may still be on its way into durable storage while this one gathers. Where it
// does not get there as expected, what this lane gathered counts for nothing.
Result<std::size_t> Chain::run_lane(std::size_t index, Attempt& attempt) {
  const Lane& lane = lanes_[index];
  auto open = std::make_unique<OpenLane>(index, ports_.ticks(), inputs_.context_of(lane, attempt),
                                         upstream_of(lane, attempt));
  open->context.supersedes = superseded_by(lane, open->up);
  std::optional<Draft> draft = refused(lane, open->context, open->up);
  if (draft && attempt.open) return settle_alone(attempt);
  if (!draft) {
    draft.emplace();
    draft->context = &open->context;
    draft->upstream = &open->up;
    const auto before = gather_while_settling(*open, *draft, attempt);
    if (!before) return tl::unexpected(before.error());
    if (!before->as_expected) return before->next;
    set_attempt_facts(draft->facts, attempt, open->up);
    draft->judgement = lane.judge(open->context, open->up, draft->facts);
    if (&lane == &lanes_.back() && draft->judgement.blockers.empty()) close(attempt, *draft);
  }
  draft->unless = succession_key(layout_, attempt.reservation.execution_id);
  open->publication.emplace(*std::move(draft), ports_, layout_, names_, reader_);
  attempt.open = std::move(open);
  attempt.evidence[lane.contract.letter] = attempt.open->publication->expected();
  if (!is_green(attempt.evidence[lane.contract.letter])) return settle_alone(attempt);
  return index + 1;
}

Result<Chain::Settled> Chain::gather_while_settling(const OpenLane& open, Draft& draft,
                                                    Attempt& attempt) {
  const Lane& lane = lanes_[open.index];
  Footing footing;
  World world(ports_, workspace_, registry_, &footing);
  Result<Settled> before;
  ports_.at_once(2, [&](std::size_t i) {
    if (i == 1) {
      draft.facts = lane.gather(open.context, open.up, world);
      return;
    }
    const FootingRelease release(footing);  // also when this throws
    before = stand(open.index, attempt);
    if (before) footing.settle(before->as_expected);
  });
  draft.receipts = world.receipts();
  return before;
}

// Makes sure of what the lane `index` stands on: the lane before it, or, where it is the first and
// writes as it gathers, that this attempt is still the one to write.
Result<Chain::Settled> Chain::stand(std::size_t index, Attempt& attempt) {
  if (attempt.open) return settle(attempt);
  if (lanes_[index].contract.writes_first)
    if (const auto leads = check_lead(attempt); !leads) return tl::unexpected(leads.error());
  return Settled{index, true};
}

// Evidence that does not stand there as the store had said is read for what it is, and the lane
// that was judged on it starts again from that.
Result<Chain::Settled> Chain::settle(Attempt& attempt) {
  const std::unique_ptr<OpenLane> open = std::move(attempt.open);
  const Lane& lane = lanes_[open->index];
  for (;;) {
    auto evidence = open->publication->settle();
    if (!evidence && evidence.error().kind == ErrorKind::k_superseded)
      return tl::unexpected(taken_over(attempt));
    if (!evidence) return tl::unexpected(evidence.error());
    if (*evidence) {
      record(lane, **std::move(evidence), open->started, attempt);
      return Settled{open->index + 1, is_green(attempt.evidence[lane.contract.letter])};
    }
    attempt.evidence.erase(lane.contract.letter);
    read_again(attempt);
    if (lane.contract.always_runs || refused(lane, open->context, upstream_of(lane, attempt)))
      return Settled{open->index, false};
  }
}

void Chain::read_again(Attempt& attempt) {
  for (const Lane& lane : lanes_)
    if (const auto evidence = attempt.evidence.find(lane.contract.letter);
        evidence != attempt.evidence.end() && is_green(evidence->second)) {
      evidence->second = reader_.read_lane(lane.contract, evidence->second.execution_id);
      if (evidence->second.state == LaneState::k_absent)
        evidence->second.reason = fmt::format("{} confirmed {} and does not have it",
                                              ports_.store->name(), evidence->second.summary_key);
    }
}

Upstream Chain::upstream_of(const Lane& lane, const Attempt& attempt) {
  return inputs_.upstream_of(lane, attempt, *ports_.store, reader_);
}

Result<void> Chain::append_closure_notes(const LaneEvidence& verdict) {
  const bool durable = !verdict.artifacts.empty();
  if (!durable) return {};
  const ClosureNote note = closure_note(verdict);
  for (const Setting& path : workspace_.closure_notes) {
    const auto appended = ports_.documents->append_once(path.value, note.marker, note.text);
    if (appended) continue;
    Error error = appended.error();
    error.kind = ErrorKind::k_io;  // no refusal: evidence was written
    error.message = fmt::format("the verdict is committed as {}, but its note is not: {}",
                                verdict.execution_id.str(), error.message);
    error.fix = "mend the file, then runpin resume appends the note";
    return tl::unexpected(error);
  }
  return {};
}

RunReport Chain::report(const Attempt& attempt) const {
  std::vector<LaneReport> lanes;
  for (const Lane& lane : lanes_) {
    LaneReport entry;
    entry.lane = &lane.contract;
    if (const auto evidence = attempt.evidence.find(lane.contract.letter);
        evidence != attempt.evidence.end())
      entry.evidence = evidence->second;
    entry.blockers =
        blockers_from_json(entry.evidence.summary["blockers"]).value_or(std::vector<Blocker>{});
    lanes.push_back(std::move(entry));
  }
  return report_of(attempt.reservation.stamp(), std::move(lanes), attempt.reservation.last_lane);
}

RunReport Chain::status(const RunHistory& history) {
  Attempt attempt;
  attempt.reservation = history.newest();
  attempt.reservation.last_lane = history.last_lane();
  for (const Lane& lane : lanes_) {
    const char letter = lane.contract.letter;
    attempt.evidence[letter] = reader_.read_lane(lane.contract, history.execution(letter));
  }
  for (const Lane& lane : lanes_) {
    LaneEvidence& evidence = attempt.evidence[lane.contract.letter];
    if (evidence.state != LaneState::k_absent) continue;
    if (auto behind = inputs_.stopped(lane, attempt)) evidence = std::move(*behind);
  }
  return report(attempt);
}

}  // namespace runpin
