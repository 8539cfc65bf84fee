#include "runpin/verify/summary_check.h"

#include <fmt/format.h>

#include "runpin/canon/digest.h"

namespace runpin {
namespace {

class SummaryCheck {
 public:
  SummaryCheck(const RecordedExecution& execution, EvidenceSnapshot& evidence,
               EvidenceFindings& findings)
      : execution_(execution),
        lane_(execution.lane.contract),
        evidence_(evidence),
        findings_(findings),
        key_(execution.artifact_key(lane_.summary_name())) {}

  std::size_t check() {
    const Json body = document(key_, nullptr);
    if (body.is_null()) return 0;
    summary_ = execution_.inputs.names.to_standard(body);
    check_contract();
    for (const Json& entry : summary_["artifacts"].items()) check_artifact(entry);
    check_supersedes();
    return check_sources();
  }

 private:
  void wrong(std::string kind, std::string message, std::string expected, std::string found,
             const std::string& where) {
    findings_.add(
        {std::move(kind), std::move(message), std::move(expected), std::move(found), where});
  }

  // `*bytes` gets the object's, where there is one. Null, and a finding, for what is no document.
  Json document(const std::string& key, Bytes* bytes) {
    const auto object = evidence_.get(ObjectKey(key));
    if (!object) {
      findings_.add(object.error(), key);
      return {};
    }
    if (!*object) {
      wrong("missing", "an object that the evidence names is gone", "one object", "no object", key);
      return {};
    }
    if (bytes) *bytes = (*object)->bytes;
    return canonical_document((*object)->bytes, key, findings_);
  }

  void check_contract() {
    for (const std::string& field : summary_fields())
      if (!summary_.find(field))
        wrong("contract", "a summary lacks a field of its contract", field, "no such field", key_);
    if (summary_["lane"].text() != lane_.lane ||
        summary_["execution_id"].text() != execution_.context.execution_id.str())
      wrong("contract", "a summary names another lane or execution",
            execution_.context.execution_id.str(),
            summary_["execution_id"].text() + " of " + summary_["lane"].text(), key_);
    const auto blockers = blockers_from_json(summary_["blockers"]);
    if (!blockers)
      return wrong("contract", "a summary's blockers do not parse", "a list of blockers",
                   shown(summary_["blockers"]), key_);
    for (const Blocker& blocker : *blockers) {
      const BlockerContract* known = lane_.blocker(blocker.code);
      if (!known || known->severity != blocker.severity || known->phase_code != blocker.phase_code)
        wrong("contract", "a blocker is not the contract's",
              known ? fmt::format("{} {}", name_of(known->severity), known->phase_code)
                    : "a code of " + lane_.lane,
              fmt::format("{} {} {}", blocker.code, name_of(blocker.severity), blocker.phase_code),
              key_);
    }
    const bool passes = summary_["overall_pass"].is_true();
    if (passes != blockers->empty() || summary_["blocker_count"] != Json(blockers->size()))
      wrong("contract", "a summary's overall_pass or blocker_count contradicts its blockers",
            fmt::format("{} blockers", blockers->size()),
            fmt::format("overall_pass {}, blocker_count {}", shown(summary_["overall_pass"]),
                        shown(summary_["blocker_count"])),
            key_);
    if (!passes) return;
    for (const ArtifactContract& artifact : lane_.artifacts)
      if (!lists(artifact.name))
        wrong("contract", "the summary of a green lane does not list an artifact", artifact.name,
              "no such entry", key_);
  }

  bool lists(const std::string& name) const {
    for (const Json& entry : summary_["artifacts"].items())
      if (entry["name"].text() == name) return true;
    return false;
  }

  const ArtifactContract* contract_of(const std::string& name) const {
    for (const ArtifactContract& artifact : lane_.artifacts)
      if (artifact.name == name) return &artifact;
    return nullptr;
  }

  void check_artifact(const Json& entry) {
    const std::string& name = entry["name"].text();
    const ArtifactContract* contract = contract_of(name);
    if (!contract)
      return wrong("contract", "a summary lists what is no artifact of its lane", lane_.lane, name,
                   key_);
    const std::string key = execution_.artifact_key(name);
    if (entry["durable_key"].text() != key)
      wrong("digest", "a summary lists an artifact under another key", key,
            shown(entry["durable_key"]), key_);
    Bytes bytes;
    const Json body = document(key, &bytes);
    if (!bytes.empty()) check_digest(entry, bytes, key);
    for (const Json& copy : entry["copies"].items()) check_copy(entry, copy.text());
    if (body.is_null()) return;
    const Json standard = execution_.inputs.names.to_standard(body);
    for (const std::string& field : contract->fields)
      if (!standard.find(field))
        wrong("contract", "an artifact lacks a field of its contract", field, "no such field", key);
  }

  void check_digest(const Json& entry, const Bytes& bytes, const std::string& key) {
    const std::string digest = sha256(bytes).str();
    if (entry["sha256"].text() == digest && entry["size"] == Json(bytes.size())) return;
    wrong("digest", fmt::format("an artifact is not the one that {} lists", key_),
          fmt::format("{} bytes, SHA-256 {}", shown(entry["size"]), entry["sha256"].text()),
          fmt::format("{} bytes, SHA-256 {}", bytes.size(), digest), key);
  }

  void check_copy(const Json& entry, const std::string& key) {
    if (key == entry["durable_key"].text()) return;
    Bytes bytes;
    document(key, &bytes);
    if (!bytes.empty()) check_digest(entry, bytes, key);
  }

  void check_supersedes() {
    const auto& expected = execution_.context.supersedes;
    if (summary_["supersedes"] == (expected ? Json(expected->str()) : Json())) return;
    wrong("link", "a summary names another execution than the one that it supersedes",
          expected ? expected->str() : "null", shown(summary_["supersedes"]), key_);
  }

  // Against the summaries of the executions that counted when the lane ran.
  std::size_t check_sources() {
    std::size_t followed = 0;
    for (const std::string& read : lane_.reads) {
      const LaneEvidence& there = execution_.up.lane(read);
      const Json* named = source(read);
      if (!named && there.summary.is_null()) continue;
      if (!named) {
        wrong("link", fmt::format("a summary does not name {}, which it read", read),
              there.execution_id.str(), "no such source", key_);
        continue;
      }
      if (execution_.missed((*named)["execution_id"].text())) continue;
      ++followed;
      const auto object = evidence_.get(ObjectKey((*named)["summary_key"].text()));
      if (!object) continue;  // its own lane says so
      const bool known = object->has_value();
      const std::string digest = known ? sha256((*object)->bytes).str() : "no object";
      if (known && (*named)["execution_id"].text() == there.execution_id.str() &&
          (*named)["summary_key"].text() == there.summary_key &&
          (*named)["summary_sha256"].text() == digest)
        continue;
      const std::string place =
          there.summary_key.empty() ? (*named)["summary_key"].text() : there.summary_key;
      wrong("link",
            fmt::format("{} stood on another summary of {} than the one that is there", key_, read),
            fmt::format("SHA-256 {} of {}", (*named)["summary_sha256"].text(),
                        (*named)["summary_key"].text()),
            fmt::format("SHA-256 {} of {}", digest, place), place.empty() ? key_ : place);
    }
    return followed;
  }

  const Json* source(const std::string& read) const {
    for (const Json& entry : summary_["sources"].items())
      if (entry["lane"].text() == read) return &entry;
    return nullptr;
  }

  const RecordedExecution& execution_;
  const LaneContract& lane_;
  EvidenceSnapshot& evidence_;
  EvidenceFindings& findings_;
  const std::string key_;
  Json summary_;
};

}  // namespace

std::size_t check_summary(const RecordedExecution& execution, EvidenceSnapshot& evidence,
                          EvidenceFindings& findings) {
  return SummaryCheck(execution, evidence, findings).check();
}

}  // namespace runpin
