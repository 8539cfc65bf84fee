#include "runpin/verify/judged_again.h"

#include <fmt/format.h>

#include <algorithm>

#include "runpin/canon/json_reader.h"
#include "runpin/gate/publication.h"

namespace runpin {
namespace {

std::vector<Receipt> receipts_from(const Json& list) {
  std::vector<Receipt> receipts;
  for (const Json& item : list.items())
    receipts.push_back({item["check_id"].text(), item["operation"].text(), item["target"].text(),
                        item["outcome"].text(), item["status"].text()});
  return receipts;
}

std::vector<Blocker> recorded_blockers(const RecordedExecution& execution) {
  return blockers_from_json(execution.evidence.summary["blockers"])
      .value_or(std::vector<Blocker>{});
}

// The names of what differs at the top level, and the first of it.
EvidenceFinding difference(const RecordedExecution& execution, const std::string& key,
                           const Bytes& judged, const Bytes& recorded) {
  const Json ours = read_json(judged, key).value_or(Json());
  const Json theirs = read_json(recorded, key).value_or(Json());
  std::vector<std::string> fields;
  for (const auto& [field, value] : ours.members())
    if (theirs[field] != value || !theirs.find(field)) fields.push_back(field);
  for (const auto& [field, value] : theirs.members())
    if (!ours.find(field)) fields.push_back(field);
  const std::string first = fields.empty() ? "" : fields.front();
  return {"judgement",
          fmt::format("judged again from the facts in {}, it comes out otherwise: {}",
                      execution.facts_key(), fields.empty() ? "its form" : join(fields, ", ")),
          shown(ours[first]), shown(theirs[first]), key};
}

class JudgedAgain {
 public:
  JudgedAgain(const RecordedExecution& execution, EvidenceSnapshot& evidence)
      : execution_(execution), lane_(execution.lane), evidence_(evidence) {}

  // What differs when the lane was given `up`.
  std::vector<EvidenceFinding> differences(const Upstream& up) {
    differences_.clear();
    Draft draft;
    draft.context = &execution_.context;
    draft.upstream = &up;
    draft.facts = execution_.facts();
    draft.receipts = receipts_from(execution_.receipts());
    draft.judgement = judgement(up, draft);
    add_publishing_blockers(draft);
    const bool lists = !execution_.evidence.summary["artifacts"].items().empty();
    const Rendered rendered =
        render(draft, execution_.inputs.layout, execution_.inputs.names, lists);
    for (const ObjectToWrite& object : rendered.objects) compare(object);
    const bool artifacts_differ = !differences_.empty();
    check_listed(rendered);
    compare_summary(rendered, artifacts_differ);
    return differences_;
  }

 private:
  Judgement judgement(const Upstream& up, const Draft& draft) {
    Judgement judgement;
    judgement.blockers = execution_.inputs.refusal(lane_, up);
    if (!judgement.blockers.empty()) return judgement;
    if (draft.facts.is_null()) {
      check_refused();
      return judgement;
    }
    judgement = lane_.judge(execution_.context, up, draft.facts);
    const bool closes = &lane_ == &execution_.inputs.lanes.back() && judgement.blockers.empty();
    const Json& proven = draft.facts["proven_again"];
    if (!closes || !execution_.attempt.before) {
      if (closes) judgement.blockers = broken_proofs(lane_, {}, draft.facts);
      if (!proven.is_null())
        differences_.push_back({"judgement", "a verdict that asks for no proof again records one",
                                "no proven_again", shown(proven), execution_.facts_key()});
      return judgement;
    }
    EvidenceReader reader(evidence_, execution_.inputs.layout, execution_.inputs.names);
    const auto proofs = closing_proofs(execution_.inputs, execution_.attempt, evidence_, reader);
    if (proven.items().size() != proofs.size())
      differences_.push_back({"judgement", "the lanes before the resume were not all proven again",
                              fmt::format("{} lanes in proven_again", proofs.size()),
                              fmt::format("{}", proven.items().size()), execution_.facts_key()});
    judgement.blockers = broken_proofs(lane_, proofs, draft.facts);
    return judgement;
  }

  // Without facts a lane can only have been refused.
  void check_refused() {
    const auto blockers = recorded_blockers(execution_);
    if (std::any_of(blockers.begin(), blockers.end(),
                    [&](const Blocker& blocker) { return is_refusal(blocker); }))
      return;
    differences_.push_back({"judgement", "a lane that was not refused records no facts",
                            "the facts that it was judged by", "null", execution_.facts_key()});
  }

  bool is_of_publishing(const Blocker& blocker) const {
    const EngineCodes& codes = lane_.contract.codes;
    const bool code = blocker.code == codes.publish || blocker.code == codes.local_write ||
                      blocker.code == codes.read_back;
    return code && blocker.says.expected == "written once and read back equal";
  }

  // A refusal for want of an answer leaves no other trace than itself.
  bool is_refusal(const Blocker& blocker) const {
    const EngineCodes& codes = lane_.contract.codes;
    return !lane_.contract.always_runs && execution_.facts().is_null() &&
           (blocker.code == codes.publish || blocker.code == codes.missing_upstream) &&
           blocker.says.message.starts_with("the evidence of ");
  }

  void add_publishing_blockers(Draft& draft) {
    auto& blockers = draft.judgement.blockers;
    const Json known = to_json(blockers);
    for (const Blocker& blocker : recorded_blockers(execution_)) {
      const auto& items = known.items();
      if (std::find(items.begin(), items.end(), to_json(blocker)) != items.end()) continue;
      if (is_of_publishing(blocker) || is_refusal(blocker)) blockers.push_back(blocker);
    }
  }

  void compare(const ObjectToWrite& object) {
    const auto there = evidence_.get(object.key);
    if (there && *there && (*there)->bytes == object.bytes) return;
    if (!there || !*there)
      differences_.push_back({"judgement", "judged again, there is an artifact that is not there",
                              "one object", "no object", object.key.str()});
    else
      differences_.push_back(
          difference(execution_, object.key.str(), object.bytes, (*there)->bytes));
  }

  // What the summary lists and judging again does not give.
  void check_listed(const Rendered& rendered) {
    for (const Json& entry : execution_.evidence.summary["artifacts"].items()) {
      const std::string& name = entry["name"].text();
      const bool given = std::any_of(rendered.artifacts.begin(), rendered.artifacts.end(),
                                     [&](const auto& artifact) { return artifact.first == name; });
      if (!given)
        differences_.push_back({"judgement", "judged again, there is no such artifact", "none",
                                name, execution_.artifact_key(name)});
    }
  }

  // Where artifacts differ their entries do too, and say nothing new.
  void compare_summary(const Rendered& rendered, bool artifacts_differ) {
    const auto there = evidence_.get(rendered.summary.key);
    if (!there || !*there || (*there)->bytes == rendered.summary.bytes) return;
    const std::string& key = rendered.summary.key.str();
    Json ours = read_json(rendered.summary.bytes, key).value_or(Json());
    Json theirs = read_json((*there)->bytes, key).value_or(Json());
    if (artifacts_differ && theirs.is_object() &&
        ours.set("artifacts", nullptr) == theirs.set("artifacts", nullptr))
      return;
    differences_.push_back(difference(execution_, key, rendered.summary.bytes, (*there)->bytes));
  }

  const RecordedExecution& execution_;
  const Lane& lane_;
  EvidenceSnapshot& evidence_;
  std::vector<EvidenceFinding> differences_;
};

std::optional<LaneState> state_named(std::string_view name) {
  for (const LaneState state : {LaneState::k_green, LaneState::k_held, LaneState::k_stopped,
                                LaneState::k_absent, LaneState::k_unreadable})
    if (name_of(state) == name) return state;
  return {};
}

// The lanes as M3.I recorded that it saw them.
const Json& seen_lanes(const RecordedExecution& execution) {
  const Json& own = execution.facts()["lanes"];
  if (!own.is_null()) return own;
  return execution.up.lane("M3.I").summary["facts"]["lanes"];
}

// The upstream as it may have been where M3.I saw a lane's evidence as lost, which is there now:
// a store that gave no answer then. Such a lane held the run.
std::vector<Upstream> upstreams_as_seen(const RecordedExecution& execution) {
  std::vector<Upstream> variants;
  for (const bool known : {false, true})
    for (const bool out_of_reach : {true, false}) {
      Upstream up = execution.up;
      bool differs = false;
      for (const Json& seen : seen_lanes(execution).items()) {
        const auto state = state_named(seen["state"].text());
        const auto lane = up.lanes.find(seen["lane"].text());
        if (!state || lane == up.lanes.end() || lane->second.state == *state) continue;
        if (*state != LaneState::k_unreadable && *state != LaneState::k_absent) continue;
        differs = true;
        lane->second.state = *state;
        lane->second.reason = seen["reason"].text();
        lane->second.is_out_of_reach = out_of_reach;
        if (!known) lane->second.summary = {};
        lane->second.artifacts.clear();
      }
      if (differs) variants.push_back(std::move(up));
    }
  return variants;
}

// The lane's receipts were withheld, or could not be published: the summary is all there is.
bool facts_are_gone(const RecordedExecution& execution) {
  const std::string& name = execution.lane.contract.receipts_artifact;
  return !name.empty() && !execution.evidence.artifacts.contains(name);
}

bool judge_without_facts(const RecordedExecution& execution, EvidenceFindings& findings) {
  const std::string key = execution.artifact_key(execution.lane.contract.summary_name());
  if (execution.evidence.state != LaneState::k_held)
    findings.add({"judgement", "a green lane does not record its facts", execution.facts_key(),
                  "no such artifact", key});
  else
    findings.note("held, and its facts are not on record: not judged again", key);
  return false;
}

}  // namespace

bool judge_again(const RecordedExecution& execution, EvidenceSnapshot& evidence,
                 EvidenceFindings& findings) {
  if (facts_are_gone(execution)) return judge_without_facts(execution, findings);
  JudgedAgain again(execution, evidence);
  const auto differences = again.differences(execution.up);
  if (differences.empty()) return true;
  for (const Upstream& up : upstreams_as_seen(execution))
    if (again.differences(up).empty()) {
      findings.note("judged when evidence before it could not be read, which reads now",
                    execution.artifact_key(execution.lane.contract.summary_name()));
      return true;
    }
  for (const EvidenceFinding& difference : differences) findings.add(difference);
  return true;
}

}  // namespace runpin
