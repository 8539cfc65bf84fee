#include "runpin/gate/attempt_facts.h"

namespace runpin {
namespace {

Json superseded_summaries(const Upstream& up) {
  Json superseded = Json::Array{};
  for (const LaneEvidence& earlier : up.superseded)
    superseded.push(
        object({{"execution_id", earlier.execution_id.str()},
                {"summary_sha256",
                 earlier.summary_sha256.empty() ? Json() : Json(earlier.summary_sha256.str())}}));
  return superseded;
}

Json not_durable(const Attempt& attempt) {
  Json ids = Json::Array{};
  for (const auto& [letter, evidence] : attempt.evidence)
    if (!evidence.is_durable && !evidence.execution_id.empty())
      ids.push(evidence.execution_id.str());
  return ids;
}

}  // namespace

void set_attempt_facts(Facts& facts, const Attempt& attempt, const Upstream& up) {
  Json attempts = Json::Array{};
  if (attempt.before)
    for (const Reservation& earlier : attempt.before->attempts)
      attempts.push(without_nonce(earlier));
  attempts.push(without_nonce(attempt.reservation));
  facts.set("attempts", std::move(attempts));
  facts.set("starts_at", std::string(1, attempt.reservation.starts_at));
  facts.set("not_durable", not_durable(attempt));
  if (!up.superseded.empty()) facts.set("superseded", superseded_summaries(up));
}

}  // namespace runpin
