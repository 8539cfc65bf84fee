#include "runpin/gate/publication.h"

#include <fmt/format.h>

#include "runpin/canon/digest.h"
#include "runpin/canon/json_reader.h"

namespace runpin {

Publication::Publication(Draft draft, const Ports& ports, const Layout& layout,
                         const FieldNames& names, EvidenceReader& reader)
    : draft_(std::move(draft)),
      lane_(*draft_.context->lane),
      id_(draft_.context->execution_id),
      ports_(ports),
      layout_(layout),
      names_(names),
      reader_(reader),
      rendered_(render(draft_, layout_, names_)) {
  if (!stage()) rendered_ = render(draft_, layout_, names_);
}

Publication::~Publication() {
  ports_.local->discard(id_.str());
}

const LaneEvidence& Publication::expected() {
  if (!expected_) {
    std::vector<StoredObject> objects;
    for (const ObjectToWrite& object : rendered_.objects)
      objects.push_back({object.key, object.bytes, {}});
    objects.push_back({rendered_.summary.key, rendered_.summary.bytes, {}});
    EvidenceReader as_written(*ports_.store, layout_, names_);
    as_written.remember(objects);
    expected_ = as_written.read_lane(lane_, id_);
  }
  return *expected_;
}

Result<std::optional<LaneEvidence>> Publication::settle() {
  if (store()) return commit();
  return settle_blocked();
}

Result<std::optional<LaneEvidence>> Publication::settle_blocked() {
  if (superseded_) return tl::unexpected(*superseded_);
  if (unproven_) return std::nullopt;
  rendered_ = render(draft_, layout_, names_);  // now with the publish blocker
  if (stage() && store()) return commit();
  if (superseded_) return tl::unexpected(*superseded_);
  const Rendered whole = std::exchange(rendered_, render(draft_, layout_, names_, false));
  if (stage() && store()) return commit();
  if (superseded_) return tl::unexpected(*superseded_);
  return settle_locally(whole);
}

// Durable storage took nothing, not even the summary.
Result<std::optional<LaneEvidence>> Publication::settle_locally(const Rendered& whole) {
  rendered_ = whole;
  LaneEvidence local_only = held_without_durable_evidence(rendered_);
  if (!local_failed_ && ports_.local->stage(id_.str(), local_files()))
    if (const auto named = ports_.local->commit(id_.str()); !named)
      return tl::unexpected(named.error());
  return local_only;
}

// Local files under temporary names. False: there are none, and a blocker says so.
bool Publication::stage() {
  if (local_failed_) return true;
  const auto staged = ports_.local->stage(id_.str(), local_files());
  if (staged) return true;
  local_failed_ = true;
  block(lane_.codes.local_write, "a local artifact could not be written", staged.error(),
        "make room or give write permission under evidence.local_root");
  return false;
}

CommitTerms Publication::terms() {
  return {draft_.unless, [this]() -> Result<void> {
            unproven_ = !reader_.prove(ports_.at_once);
            if (!unproven_) return {};
            return fail(ErrorKind::k_mismatch, "earlier evidence does not read back the same");
          }};
}

bool Publication::store() {
  auto stored = ports_.store->publish(rendered_.objects, rendered_.summary, terms());
  if (stored) {
    if (!as_rendered(*stored)) expected_.reset();
    reader_.remember(*stored);
    return true;
  }
  if (stored.error().kind == ErrorKind::k_superseded) superseded_ = stored.error();
  if (superseded_ || unproven_) return false;
  ports_.local->discard(id_.str());
  expected_.reset();
  if (landed_after_all()) return true;
  const Error& error = stored.error();
  ports_.log(fmt::format("{}: publishing failed: {}", id_.str(), one_line(error)));
  block(error.kind == ErrorKind::k_mismatch ? lane_.codes.read_back : lane_.codes.publish,
        "durable storage did not take this lane's evidence", error,
        "bring the evidence store back");
  return false;
}

// An answer in doubt: the summary is the commit marker, so these very bytes there mean that all of
// it landed.
bool Publication::landed_after_all() const {
  const auto marker = ports_.store->get(rendered_.summary.key);
  if (!marker || !*marker || (*marker)->bytes != rendered_.summary.bytes) return false;
  return reader_.read_lane(lane_, id_).state != LaneState::k_unreadable &&
         ports_.local->stage(id_.str(), local_files()).has_value();
}

bool Publication::as_rendered(const std::vector<StoredObject>& stored) const {
  if (stored.size() != rendered_.objects.size() + 1) return false;
  for (std::size_t i = 0; i < rendered_.objects.size(); ++i)
    if (stored[i].bytes != rendered_.objects[i].bytes) return false;
  return stored.back().bytes == rendered_.summary.bytes;
}

std::vector<std::pair<std::string, Bytes>> Publication::local_files() const {
  auto files = rendered_.artifacts;
  files.emplace_back(lane_.summary_name(), rendered_.summary.bytes);
  return files;
}

Result<std::optional<LaneEvidence>> Publication::commit() {
  if (!local_failed_) {
    if (const auto named = ports_.local->commit(id_.str()); !named) {
      Error error = named.error();
      error.kind = ErrorKind::k_io;  // whatever it is, it is no refusal: evidence was written
      error.message = fmt::format("{} is committed durably, but its local files are not: {}",
                                  id_.str(), error.message);
      return tl::unexpected(error);
    }
  }
  return expected_ ? *expected_ : reader_.read_lane(lane_, id_);
}

LaneEvidence Publication::held_without_durable_evidence(const Rendered& rendered) const {
  LaneEvidence evidence;
  evidence.state = LaneState::k_held;
  evidence.is_durable = false;
  evidence.execution_id = id_;
  evidence.reason = fmt::format("{} left no durable evidence", id_.str());
  evidence.summary_key = rendered.summary.key.str();
  evidence.summary_sha256 = sha256(rendered.summary.bytes);
  if (const auto summary = read_json(rendered.summary.bytes, rendered.summary.key.str()))
    evidence.summary = names_.to_standard(*summary);
  return evidence;
}

void Publication::block(const std::string& code, std::string message, const Error& error,
                        std::string fix) {
  for (const Blocker& known : draft_.judgement.blockers)
    if (known.code == code) return;
  if (!error.fix.empty()) fix = error.fix;
  if (error.kind == ErrorKind::k_conflict && lane_.blocker(code)->severity == Severity::k_s2)
    fix = "runpin resume: it writes under an execution id of its own";

  Blockers found(lane_);
  found.raise(code,
              {std::move(message), "written once and read back equal", error.message,
               error.where.empty() ? layout_.execution_prefix(id_) : error.where, std::move(fix)});
  draft_.judgement.blockers.push_back(found.all().front());
}

}  // namespace runpin
