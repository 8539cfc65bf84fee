#include <fmt/format.h>

#include "runpin/canon/digest.h"
#include "runpin/canon/json_reader.h"
#include "runpin/gate/publication.h"

namespace runpin {
namespace {

class Publisher {
 public:
  Publisher(Draft draft, const Ports& ports, const Layout& layout, const FieldNames& names,
            EvidenceReader& reader)
      : draft_(std::move(draft)),
        lane_(*draft_.context->lane),
        id_(draft_.context->execution_id),
        ports_(ports),
        layout_(layout),
        names_(names),
        reader_(reader) {}

  Result<LaneEvidence> publish() {
    Rendered rendered = render(draft_, layout_, names_);
    if (!stage(rendered)) rendered = render(draft_, layout_, names_);
    if (store(rendered)) return commit();
    if (superseded_) return tl::unexpected(*superseded_);
    rendered = render(draft_, layout_, names_);  // now with the publish blocker
    if (stage(rendered) && store(rendered)) return commit();
    if (superseded_) return tl::unexpected(*superseded_);
    return publish_summary_alone(rendered);
  }

 private:
  // Local files under temporary names. False: there are none, and a blocker says so.
  bool stage(const Rendered& rendered) {
    if (local_failed_) return true;
    auto files = rendered.artifacts;
    files.emplace_back(lane_.summary_name(), rendered.summary.bytes);
    const auto staged = ports_.local->stage(id_.str(), files);
    if (staged) return true;
    local_failed_ = true;
    block(lane_.codes.local_write, "a local artifact could not be written", staged.error(),
          "make room or give write permission under evidence.local_root");
    return false;
  }

  bool store(const Rendered& rendered) {
    auto stored = ports_.store->publish(rendered.objects, rendered.summary, draft_.unless);
    if (stored) {
      reader_.remember(*stored);
      return true;
    }
    ports_.local->discard(id_.str());
    if (stored.error().kind == ErrorKind::k_superseded) superseded_ = stored.error();
    if (superseded_) return false;
    if (landed_after_all(rendered)) return true;
    const Error& error = stored.error();
    ports_.log(fmt::format("{}: publishing failed: {}", id_.str(), one_line(error)));
    block(error.kind == ErrorKind::k_mismatch ? lane_.codes.read_back : lane_.codes.publish,
          "durable storage did not take this lane's evidence", error,
          "bring the evidence store back");
    return false;
  }

  // An answer in doubt: the summary is the commit marker, so these very bytes there mean that all
  // of it landed.
  bool landed_after_all(const Rendered& rendered) {
    const auto marker = ports_.store->get(rendered.summary.key);
    if (!marker || !*marker || (*marker)->bytes != rendered.summary.bytes) return false;
    return reader_.read_lane(lane_, id_).state != LaneState::k_unreadable &&
           ports_.local->stage(id_.str(), local_files(rendered)).has_value();
  }

  std::vector<std::pair<std::string, Bytes>> local_files(const Rendered& rendered) const {
    auto files = rendered.artifacts;
    files.emplace_back(lane_.summary_name(), rendered.summary.bytes);
    return files;
  }

  Result<LaneEvidence> commit() {
    if (!local_failed_) {
      if (const auto named = ports_.local->commit(id_.str()); !named) {
        Error error = named.error();
        error.message = fmt::format("{} is committed durably, but its local files are not: {}",
                                    id_.str(), error.message);
        return tl::unexpected(error);
      }
    }
    return reader_.read_lane(lane_, id_);
  }

  Result<LaneEvidence> publish_summary_alone(const Rendered& last) {
    const Rendered alone = render(draft_, layout_, names_, false);
    if (stage(alone) && store(alone)) return commit();
    if (superseded_) return tl::unexpected(*superseded_);
    LaneEvidence local_only = held_without_durable_evidence(last);
    if (!local_failed_ && ports_.local->stage(id_.str(), local_files(last))) {
      if (const auto named = ports_.local->commit(id_.str()); !named)
        return tl::unexpected(named.error());
    }
    return local_only;
  }

  LaneEvidence held_without_durable_evidence(const Rendered& rendered) const {
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

  void block(const std::string& code, std::string message, const Error& error, std::string fix) {
    for (const Blocker& known : draft_.judgement.blockers)
      if (known.code == code) return;
    if (!error.fix.empty()) fix = error.fix;
    if (error.kind == ErrorKind::k_conflict && lane_.blocker(code)->severity == Severity::k_s2)
      fix = "runpin resume: it writes under an execution id of its own";

    Blockers found(lane_);
    found.raise(
        code, {std::move(message), "written once and read back equal", error.message,
               error.where.empty() ? layout_.execution_prefix(id_) : error.where, std::move(fix)});
    draft_.judgement.blockers.push_back(found.all().front());
  }

  Draft draft_;
  const LaneContract& lane_;
  const ExecutionId id_;
  const Ports& ports_;
  const Layout& layout_;
  const FieldNames& names_;
  EvidenceReader& reader_;
  bool local_failed_ = false;
  std::optional<Error> superseded_;
};

}  // namespace

Result<LaneEvidence> publish(Draft draft, const Ports& ports, const Layout& layout,
                             const FieldNames& names, EvidenceReader& reader) {
  return Publisher(std::move(draft), ports, layout, names, reader).publish();
}

}  // namespace runpin
