#include "runpin/lanes/reset_facts.h"

#include <fmt/format.h>

#include <set>

#include "runpin/gate/facts.h"
#include "runpin/gate/resets.h"
#include "runpin/gate/secret_scan.h"

namespace runpin {
namespace {

constexpr std::size_t k_lane_prefix = 4;  // "m3d_"

std::string stamp_of(const std::string& execution_id) {
  return execution_id.size() > k_lane_prefix ? execution_id.substr(k_lane_prefix) : "";
}

// The stamps of the attempts that this run is made of, as far as they left a lane's evidence.
std::set<std::string> attempt_stamps(const Upstream& up) {
  std::set<std::string> stamps;
  for (const auto& [name, lane] : up.lanes) stamps.insert(stamp_of(lane.execution_id.str()));
  for (const LaneEvidence& earlier : up.superseded)
    stamps.insert(stamp_of(earlier.execution_id.str()));
  return stamps;
}

bool concerns(const Json& reset, const Upstream& up) {
  const Json& run_id = up.artifact("M3.B", "m3b_run_identity_seed.json")["platform_run_id"];
  const std::string& answers = reset["answers_execution_id"].text();
  const std::string& named = reset["platform_run_id"].text();
  if (answers.empty() && named.empty()) return true;
  if (!named.empty() && named == run_id.text()) return true;
  const std::string stamp = stamp_of(answers);
  return !stamp.empty() && attempt_stamps(up).contains(stamp);
}

// What may be shown of a receipt that another tool wrote.
Json shown(const Json& text) {
  const auto secrets = scan_secrets(text.text());
  return secrets.empty() ? text : Json(fmt::format("[withheld: {}]", secrets.front().rule));
}

Json adjudicated_by(const std::vector<RecordedReceipt>& resets, const std::string& subject,
                    const Instant& now) {
  const std::string adjudicator = adjudicator_of(resets, subject, now);
  return adjudicator.empty() ? Json() : Json(adjudicator);
}

Json observed_resets(const std::vector<RecordedReceipt>& resets, const Upstream& up,
                     const Instant& now) {
  Json observed = Json::Array{};
  for (const RecordedReceipt& reset : resets) {
    if (!concerns(reset.body, up)) continue;
    Json fact = object({{"receipt_id", reset.id.str()},
                        {"key", reset.key.str()},
                        {"sha256", reset.sha256.str()},
                        {"missing_fields", Json(missing_reset_fields(reset.body, now))},
                        {"adjudicated_by", adjudicated_by(resets, reset.id.str(), now)}});
    for (const char* field :
         {"class", "actor", "reason", "scope", "recorded_at_utc", "answers_execution_id"})
      fact.set(field, shown(reset.body[field]));
    observed.push(std::move(fact));
  }
  return observed;
}

Json no_go_attempts(const std::vector<RecordedReceipt>& resets, const Upstream& up,
                    const Instant& now) {
  std::set<std::string> stamps;
  for (const LaneEvidence& earlier : up.superseded)
    for (const Json& blocker : earlier.summary["blockers"].items())
      if (blocker["severity"].text() == name_of(Severity::k_s1))
        stamps.insert(stamp_of(earlier.execution_id.str()));
  Json attempts = Json::Array{};
  for (const std::string& stamp : stamps)
    attempts.push(
        object({{"stamp", stamp}, {"adjudicated_by", adjudicated_by(resets, stamp, now)}}));
  return attempts;
}

std::string adjudicate(const std::string& subject) {
  return fmt::format("{} --adjudicates {}, then runpin resume", k_reset_command, subject);
}

void judge_receipt(const Json& reset, Blockers& blockers) {
  const auto missing = reset["missing_fields"].strings().value_or(std::vector<std::string>{});
  if (!missing.empty()) {
    blockers.raise("M3G-B5", {"a reset receipt is incomplete",
                              "actor, recorded_at_utc not after this run, reason, class and scope, "
                              "each with a usable value",
                              "no usable " + join(missing, ", "), reset["key"].text(),
                              adjudicate(reset["receipt_id"].text())});
  } else if (!is_permitted_reset_class(reset["class"].text())) {
    blockers.raise("M3G-B4", {"a reset is of no permitted class",
                              join(permitted_reset_classes(), ", "), reset["class"].text(),
                              reset["key"].text(), adjudicate(reset["receipt_id"].text())});
  }
}

// The attempts that a whole receipt of a permitted class answers.
std::set<std::string> answered_stamps(const Json& observed) {
  std::set<std::string> stamps;
  for (const Json& reset : observed.items())
    if (reset["missing_fields"].items().empty() && is_permitted_reset_class(reset["class"].text()))
      stamps.insert(stamp_of(reset["answers_execution_id"].text()));
  return stamps;
}

}  // namespace

Json gather_resets(World& world, const LaneContext& context, const Upstream& up) {
  auto resets =
      read_receipts(world.store_meanwhile(), *context.layout, k_reset_prefix, k_reset_name);
  if (!resets) return fact_of(resets.error());
  for (RecordedReceipt& reset : *resets) reset.body = context.names->to_standard(reset.body);
  return fact_of(object({{"observed", observed_resets(*resets, up, context.now)},
                         {"no_go_attempts", no_go_attempts(*resets, up, context.now)}}));
}

void judge_reset_facts(const Json& resets, Blockers& blockers) {
  const Fact fact(resets);
  if (fact.failed()) {
    blockers.raise(
        "M3G-B5",
        {"the reset receipts cannot be read", "an answer from the evidence store", fact.failure(),
         fact.error["where"].text(), "bring the evidence store back, then runpin resume"});
    return;
  }
  for (const Json& reset : fact.value["observed"].items())
    if (reset["adjudicated_by"].is_null()) judge_receipt(reset, blockers);
  const std::set<std::string> answered = answered_stamps(fact.value["observed"]);
  for (const Json& attempt : fact.value["no_go_attempts"].items()) {
    const std::string& stamp = attempt["stamp"].text();
    if (answered.contains(stamp) || !attempt["adjudicated_by"].is_null()) continue;
    blockers.raise("M3G-B6",
                   {"the run went on after NO_GO_RESET_REQUIRED without a reset on record",
                    "a reset receipt that answers the attempt", "none", stamp, adjudicate(stamp)});
  }
}

}  // namespace runpin
