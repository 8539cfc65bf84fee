#include "runpin/verify/facts_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "runpin/canon/digest.h"
#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "runpin/gate/facts.h"
#include "runpin/gate/handles.h"
#include "runpin/gate/identity.h"
#include "runpin/gate/succession.h"
#include "runpin/lanes/run_objects.h"

namespace runpin {
namespace {

class FactsCheck {
 public:
  FactsCheck(const RecordedExecution& execution, EvidenceSnapshot& evidence,
             EvidenceFindings& findings)
      : execution_(execution),
        facts_(execution.facts()),
        evidence_(evidence),
        findings_(findings) {}

  void check() {
    check_attempts();
    check_identity();
    check_run_objects();
    check_claim_holder();
    for (const Json& reference : facts_["references"].items()) check_reference(reference);
    check_handoff();
    check_recorded_receipts(facts_);
    for (const Json& proven : facts_["proven_again"].items())
      check_recorded_receipts(proven["facts"]);
    check_rollup();
    if (execution_.lane.contract.letter == 'j')
      check_superseded();
    else
      check_superseded_so_far();
  }

 private:
  // `where` is the object that the fact tells of, where it tells of one: either may be wrong.
  void expect(std::string message, const Json& expected, const Json& found,
              const std::string& where = {}) {
    if (expected == found) return;
    const std::string recorded = execution_.facts_key();
    if (!where.empty() && where != recorded) message += ", by " + recorded;
    findings_.add({"identity", std::move(message), shown(expected), shown(found),
                   where.empty() ? recorded : where});
  }

  // M3.B, M3.C and M3.G each record what they derived, and from what.
  void check_identity() {
    const char letter = execution_.lane.contract.letter;
    const Json& recorded = facts_[letter == 'c' ? "digest" : "identity"]["value"];
    if (recorded.is_null()) return;
    const Json manifest = letter == 'g' ? manifest_of_pin() : facts_["manifest"]["value"];
    const auto payload =
        identity_payload(HandleFacts(facts_["handles"]),
                         {manifest["uri"].text(), Sha256(manifest["sha256"].text())});
    if (!payload) return expect("no identity follows from the recorded handles", Json(), recorded);
    const Identity identity = identity_of(*payload, sha256);
    const Json derived =
        object({{"config_digest_profile", payload->profile},
                {"digest_field", payload->digest_field},
                {"digest_input_payload", payload->digest_input_payload},
                {"sources", payload->sources},
                {"config_digest", identity.config_digest},
                {"recompute_digest", identity.config_digest},
                {"same_bytes", true},
                {"canonical_bytes", canonical(payload->digest_input_payload).size()},
                {"scenario_equivalence_payload", identity.scenario_payload},
                {"scenario_run_id", identity.scenario_run_id},
                {"recomputed_scenario_run_id", identity.scenario_run_id}});
    for (const auto& [field, value] : recorded.members())
      if (letter != 'g' || drifts_nowhere(recorded))
        expect(field + " is not what the recorded handles and manifest give", derived[field],
               value);
  }

  // M3.G records what today's inputs gave, not the manifest; where that is the pin's identity, it
  // must follow from the pin's manifest.
  Json manifest_of_pin() const {
    return execution_.up.artifact("M3.B",
                                  "m3b_command_receipts.json")["facts"]["manifest"]["value"];
  }

  bool drifts_nowhere(const Json& recorded) const {
    const Json& seed = execution_.up.artifact("M3.B", "m3b_run_identity_seed.json");
    return recorded["scenario_run_id"] == seed["scenario_run_id"];
  }

  std::optional<Bytes> bytes_of(const std::string& key) {
    const auto object = evidence_.get(ObjectKey(key));
    return object && *object ? std::optional((*object)->bytes) : std::nullopt;
  }

  Json digest_of(const std::string& key) {
    const auto bytes = key.empty() ? std::nullopt : bytes_of(key);
    return bytes ? Json(sha256(*bytes).str()) : Json();
  }

  // run.json and the header, made again from the evidence before M3.E.
  void check_run_objects() {
    if (!facts_["run_json"]["stored"].is_true()) return;
    const auto written = Instant::parse_rfc3339(facts_["written_at_utc"].text());
    const auto& earlier = execution_.context.earlier;
    const bool known =
        written && (*written == execution_.context.now ||
                    std::find(earlier.begin(), earlier.end(), *written) != earlier.end());
    if (!known)
      return expect("run.json was written at no instant of this run",
                    execution_.context.now.rfc3339(), facts_["written_at_utc"]);
    const std::string& key = facts_["run_json_key"]["value"].text();
    const Json run = run_json(execution_.up, *written);
    const Bytes bytes = pretty(execution_.inputs.names.to_pinned(run));
    check_run_object("run_json", key, bytes);
    if (!facts_["run_header"]["stored"].is_true()) return;
    const Json header = run_header(run, key, sha256(bytes).str());
    check_run_object("run_header", facts_["run_header_key"]["value"].text(),
                     pretty(execution_.inputs.names.to_pinned(header)));
  }

  void check_run_object(const char* name, const std::string& key, const Bytes& bytes) {
    const Json& fact = facts_[name];
    const Json digest = sha256(bytes).str();
    expect(fmt::format("{} is not what the run's evidence gives", key), digest, digest_of(key),
           key);
    for (const char* field : {"local_sha256", "readback_sha256"})
      expect(fmt::format("{} of {} is not that of what the evidence gives", field, name), digest,
             fact[field]);
    expect(fmt::format("size of {} is not that of what the evidence gives", name), bytes.size(),
           fact["size"]);
  }

  void check_claim_holder() {
    const Json& claim = facts_["claim"]["value"];
    if (claim.is_null() || claim["holder"].is_null()) return;
    const auto bytes = bytes_of(claim["key"].text());
    const auto body = bytes ? read_json(*bytes, "claim") : Result<Json>(Json());
    expect("the claim is held by another than was recorded", claim["holder"],
           body ? (*body)["execution_id"] : Json(), claim["key"].text());
  }

  void check_reference(const Json& reference) {
    if (reference["found_sha256"].is_null()) return;
    expect("an object that the evidence refers to is not the one that was found",
           reference["found_sha256"], digest_of(reference["key"].text()), reference["key"].text());
  }

  void check_handoff() {
    const Json& found = facts_["handoff"]["value"];
    if (found.is_null()) return;
    for (const Json& entry : execution_.up.lane("M3.F").summary["artifacts"].items())
      if (entry["name"].text() == "m4_handoff_pack.json")
        expect("the hand-off pack is not the one that was found", found,
               digest_of(entry["durable_key"].text()), entry["durable_key"].text());
  }

  void check_recorded_receipts(const Json& facts) {
    check_receipts(
        facts["resets"]["value"]["observed"],
        {"class", "actor", "reason", "scope", "recorded_at_utc", "answers_execution_id"});
    check_receipts(facts["approvals"]["value"], {"actor", "reason", "recorded_at_utc"});
    check_probe(facts["store_trust"]["value"]);
  }

  // Receipts of resets and approvals, under the field names of the run.
  void check_receipts(const Json& recorded, const std::vector<std::string>& fields) {
    for (const Json& entry : recorded.items()) {
      const std::string& key = entry["key"].text();
      expect("a receipt is not the one that was read", entry["sha256"], digest_of(key), key);
      const Json body = execution_.inputs.names.to_standard(standing(key));
      for (const std::string& field : fields)
        if (!entry[field].text().starts_with("[withheld: ") && !entry[field].is_null())
          expect(fmt::format("{} of a receipt is not what was read", field), entry[field],
                 body[field], key);
    }
  }

  void check_probe(const Json& trust) {
    if (!trust["probe"].if_string()) return;
    const std::string& key = trust["probe"].text();
    expect("the store's probe is not the one that was read", trust["probe_sha256"], digest_of(key),
           key);
    const Json body = standing(key);
    for (const char* field : {"passed", "violations", "versioned"})
      expect(fmt::format("{} of the store's probe is not what was read", field), trust[field],
             body[field], key);
  }

  Json standing(const std::string& key) {
    const auto bytes = bytes_of(key);
    const auto body = bytes ? read_json(*bytes, key) : Result<Json>(Json());
    return body && body->is_object() ? *body : Json();
  }

  // What M3.I saw of each lane, and the digests of the verdict before any blocker of its own. Where
  // the store gave no answer then, judging again says so.
  void check_rollup() {
    if (facts_["verdict_sha256"].is_null()) return;
    bool as_now = true;
    for (const Json& seen : facts_["lanes"].items()) {
      const LaneEvidence& lane = execution_.up.lane(seen["lane"].text());
      const std::string& state = seen["state"].text();
      as_now = as_now && state == name_of(lane.state);
      if (state != name_of(lane.state) && (state == "unreadable" || state == "absent")) continue;
      expect("a lane is not what the rollup recorded of it",
             object({{"lane", seen["lane"]},
                     {"state", name_of(lane.state)},
                     {"reason", lane.reason.empty() ? Json() : Json(lane.reason)},
                     {"execution_id",
                      lane.execution_id.empty() ? Json() : Json(lane.execution_id.str())}}),
             seen);
    }
    expect("the rollup does not record every lane that it reads",
           execution_.lane.contract.reads.size(), facts_["lanes"].items().size());
    const Judgement judgement = execution_.lane.judge(execution_.context, execution_.up, facts_);
    if (!as_now || !judgement.restate) return;
    for (const auto& [name, body] : judgement.restate({}))
      if (name == "m3i_p1_verdict.json")
        for (const char* field : {"verdict_sha256", "recomputed_verdict_sha256"})
          expect(fmt::format("{} is not that of the verdict", field), sha256(canonical(body)).str(),
                 facts_[field]);
  }

  // The attempts that led here, as their reservations tell them now; what cannot be told is said
  // already.
  void check_attempts() {
    std::vector<Reservation> attempts;
    if (execution_.attempt.before) attempts = execution_.attempt.before->attempts;
    attempts.push_back(execution_.attempt.reservation);
    const auto& recorded = facts_["attempts"].items();
    const Layout& layout = execution_.inputs.layout;
    const std::string own = layout.reservation_key(attempts.back().execution_id).str();
    expect("the attempts of this run are not those that were recorded", recorded.size(),
           attempts.size(), own);
    for (std::size_t i = 0; i < std::min(recorded.size(), attempts.size()); ++i)
      if (!attempts[i].nonce.empty())
        expect("the attempt is not the one that was recorded", recorded[i],
               without_nonce(attempts[i]), layout.reservation_key(attempts[i].execution_id).str());
    expect("a lane that can be judged again says that it stood on less than all evidence",
           Json::Array{}, facts_["not_durable"]);
    expect("this attempt starts at another lane than was recorded", facts_["starts_at"],
           std::string(1, attempts.back().starts_at),
           attempts.size() == 1
               ? own
               : layout.artifact_key(attempts.back().execution_id, k_start_name).str());
  }

  // A summary that stood when this lane ran stands still; one may have come since.
  void check_superseded_so_far() {
    for (const Json& earlier : facts_["superseded"].items()) {
      const std::string& id = earlier["execution_id"].text();
      if (earlier["summary_sha256"].is_null()) continue;
      for (const Lane& lane : execution_.inputs.lanes) {
        if (!id.starts_with(lane.contract.execution_id_prefix())) continue;
        const std::string key =
            execution_.inputs.layout.artifact_key(ExecutionId(id), lane.contract.summary_name())
                .str();
        expect("a superseded execution is not the one that was recorded", earlier["summary_sha256"],
               digest_of(key), key);
      }
    }
  }

  // Executions that a resume replaced, each by the summary that it left, or none.
  void check_superseded() {
    const auto& recorded = facts_["superseded"].items();
    const auto& superseded = execution_.up.superseded;
    expect("the verdict does not bind every execution that was superseded", superseded.size(),
           recorded.size());
    for (std::size_t i = 0; i < std::min(recorded.size(), superseded.size()); ++i) {
      const LaneEvidence& earlier = superseded[i];
      expect("a superseded execution is not the one that the verdict binds", recorded[i],
             object({{"execution_id", earlier.execution_id.str()},
                     {"summary_sha256", digest_of(earlier.summary_key)}}),
             earlier.summary_key);
    }
  }

  const RecordedExecution& execution_;
  const Json& facts_;
  EvidenceSnapshot& evidence_;
  EvidenceFindings& findings_;
};

}  // namespace

void check_facts(const RecordedExecution& execution, EvidenceSnapshot& evidence,
                 EvidenceFindings& findings) {
  FactsCheck(execution, evidence, findings).check();
}

}  // namespace runpin
