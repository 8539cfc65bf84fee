// M3.I: what M3.A to M3.H left behind, rolled up: which lanes are green, which blockers are
// unresolved, and the one verdict that follows from them.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "runpin/gate/facts.h"
#include "runpin/gate/verdict.h"
#include "runpin/lanes/lanes.h"

namespace runpin {
namespace {

bool evidenced(const LaneEvidence& lane) {
  return lane.state == LaneState::k_green || lane.state == LaneState::k_held;
}

const LaneContract* contract_of(const LaneContext& context, std::string_view lane) {
  for (const LaneContract* contract : context.contract)
    if (contract->lane == lane) return contract;
  return nullptr;
}

// True when some lane that `lane` reads is not green: then it is no wonder that it has no evidence.
bool stopped_by_another(const LaneContext& context, const Upstream& up, std::string_view lane) {
  const LaneContract* contract = contract_of(context, lane);
  return contract &&
         std::any_of(contract->reads.begin(), contract->reads.end(), [&](const std::string& read) {
           return up.lane(read).state != LaneState::k_green;
         });
}

std::vector<Blocker> unresolved_upstream(const LaneContext& context, const Upstream& up) {
  std::vector<Blocker> unresolved;
  for (const std::string& name : context.lane->reads)
    for (Blocker& blocker :
         blockers_from_json(up.lane(name).summary["blockers"]).value_or(std::vector<Blocker>{}))
      unresolved.push_back(std::move(blocker));
  return unresolved;
}

Json source_summaries(const LaneContext& context, const Upstream& up) {
  Json sources = Json::Array{};
  for (const std::string& name : context.lane->reads)
    if (const LaneEvidence& lane = up.lane(name); evidenced(lane))
      sources.push(object({{"lane", name},
                           {"execution_id", lane.execution_id.str()},
                           {"summary_sha256", lane.summary_sha256.str()}}));
  return sources;
}

// `own`: this lane's blockers.
Json verdict_body(const LaneContext& context, const Upstream& up, const std::vector<Blocker>& own) {
  std::vector<Blocker> unresolved = unresolved_upstream(context, up);
  unresolved.insert(unresolved.end(), own.begin(), own.end());
  return object({{"verdict", rollup_verdict(unresolved)},
                 {"unresolved_blockers", to_json(unresolved)},
                 {"source_summaries", source_summaries(context, up)}});
}

// What the verdict rests on, rendered and read back.
Upstream reread(const Upstream& up) {
  Upstream again;
  for (const auto& [name, lane] : up.lanes) {
    LaneEvidence& copy = again.lanes[name];
    copy.state = lane.state;
    copy.execution_id = lane.execution_id;
    copy.summary_sha256 = lane.summary_sha256;
    copy.summary = read_json(pretty(lane.summary), name).value_or(Json());
  }
  return again;
}

// Everything this lane judges is durable evidence already; of the world it asks only for digests of
// the verdict, built twice.
Facts gather(const LaneContext& context, const Upstream& up, World& world) {
  Json lanes = Json::Array{};
  for (const std::string& name : context.lane->reads) {
    const LaneEvidence& lane = up.lane(name);
    lanes.push(object(
        {{"lane", name},
         {"state", name_of(lane.state)},
         {"reason", lane.reason.empty() ? Json() : Json(lane.reason)},
         {"execution_id", lane.execution_id.empty() ? Json() : Json(lane.execution_id.str())}}));
  }
  const auto digest = [&](const Upstream& from) {
    return world.digest(canonical(verdict_body(context, from, {}))).str();
  };
  return object({{"lanes", lanes},
                 {"verdict_sha256", digest(up)},
                 {"recomputed_verdict_sha256", digest(reread(up))}});
}

void judge_lane(const LaneContext& context, const Upstream& up, const std::string& name,
                Blockers& blockers) {
  const LaneEvidence& lane = up.lane(name);
  if (lane.state == LaneState::k_green) return;
  const bool lost = lane.state == LaneState::k_unreadable ||
                    (lane.state == LaneState::k_absent && !stopped_by_another(context, up, name));
  if (lane.is_out_of_reach)
    blockers.raise("M3I-B7", {fmt::format("the evidence of {} cannot be read back", name),
                              "an answer from the evidence store", lane.reason, lane.summary_key,
                              "bring the evidence store back, then runpin resume"});
  else if (lost)
    blockers.raise("M3I-B1", {fmt::format("the evidence of {} is missing or unreadable", name),
                              "a summary and every artifact it lists",
                              lane.reason.empty() ? "no summary" : lane.reason,
                              lane.summary_key.empty() ? name : lane.summary_key,
                              "runpin run: committed evidence is never mended in place"});
  else
    blockers.raise("M3I-B2", {fmt::format("{} is not green", name), "overall_pass true",
                              lane.reason.empty() ? std::string(name_of(lane.state)) : lane.reason,
                              lane.summary_key.empty() ? name : lane.summary_key,
                              "apply the fix of the blocker that holds it, then runpin resume"});
}

// A recorded severity must be the contract's own for that code: nothing else decides between hold
// and no-go.
void judge_severities(const LaneContext& context, const Upstream& up, Blockers& blockers) {
  for (const std::string& name : context.lane->reads) {
    const LaneContract* contract = contract_of(context, name);
    for (const Json& blocker : up.lane(name).summary["blockers"].items()) {
      const BlockerContract* known = contract ? contract->blocker(blocker["code"].text()) : nullptr;
      if (known && name_of(known->severity) == blocker["severity"].text()) continue;
      blockers.raise("M3I-B3",
                     {"a blocker's severity is not the contract's",
                      known ? std::string(name_of(known->severity)) : "a code of the contract",
                      blocker["code"].text() + " " + blocker["severity"].text(),
                      up.lane(name).summary_key, "runpin run with one version of runpin"});
    }
  }
}

// Each lane names the summaries it stood on by SHA-256: they must be the ones that are there now.
void judge_sources(const LaneContext& context, const Upstream& up, Blockers& blockers) {
  for (const std::string& name : context.lane->reads) {
    for (const Json& source : up.lane(name).summary["sources"].items()) {
      const LaneEvidence& read = up.lane(source["lane"].text());
      if (!evidenced(read) || read.summary_sha256.str() == source["summary_sha256"].text())
        continue;
      blockers.raise(
          "M3I-B4",
          {fmt::format("{} stood on another summary of {} than the one that is there", name,
                       source["lane"].text()),
           "SHA-256 " + source["summary_sha256"].text(), "SHA-256 " + read.summary_sha256.str(),
           read.summary_key, "runpin run: the chain must stand on one set of evidence"});
    }
  }
}

Json matrix_rows(const LaneContext& context, const Upstream& up) {
  Json rows = Json::Array{};
  for (const std::string& name : context.lane->reads) {
    const LaneEvidence& lane = up.lane(name);
    rows.push(object({{"lane", name},
                      {"execution_id", evidenced(lane) ? Json(lane.execution_id.str()) : Json()},
                      {"state", name_of(lane.state)},
                      {"overall_pass", lane.state == LaneState::k_green},
                      {"blocker_codes", [&] {
                         Json codes = Json::Array{};
                         for (const Json& blocker : lane.summary["blockers"].items())
                           codes.push(blocker["code"]);
                         return codes;
                       }()}}));
  }
  return rows;
}

// Blockers of earlier attempts whose lane is green now.
Json resolved_blockers(const Upstream& up) {
  Json resolved = Json::Array{};
  for (const LaneEvidence& earlier : up.superseded) {
    const std::string& lane = earlier.summary["lane"].text();
    if (!up.lanes.contains(lane) || up.lane(lane).state != LaneState::k_green) continue;
    for (const Json& blocker : earlier.summary["blockers"].items())
      resolved.push(Json(blocker).set("execution_id", earlier.execution_id.str()));
  }
  return resolved;
}

std::size_t green_rows(const Json& rows) {
  const auto& items = rows.items();
  return static_cast<std::size_t>(std::count_if(
      items.begin(), items.end(), [](const Json& row) { return row["overall_pass"].is_true(); }));
}

void judge_rebuilt(const LaneContext& context, const Facts& facts, Blockers& blockers) {
  if (facts["verdict_sha256"] != facts["recomputed_verdict_sha256"])
    blockers.raise("M3I-B6", {"the rollup's verdict differs when it is built again",
                              "SHA-256 " + facts["verdict_sha256"].text(),
                              "SHA-256 " + facts["recomputed_verdict_sha256"].text(),
                              place_of(context, context.execution_id, "m3i_p1_verdict.json"),
                              std::string(k_defect_fix)});
}

// A lane is green exactly where nothing of it is unresolved; so is the rollup.
void judge_matrix(const LaneContext& context, const Upstream& up, Blockers& blockers) {
  const Json rows = matrix_rows(context, up);
  const bool all_green = green_rows(rows) == context.lane->reads.size();
  if (blockers.empty() && all_green != unresolved_upstream(context, up).empty())
    blockers.raise("M3I-B4",
                   {"the rollup matrix contradicts its sources",
                    "every lane green exactly where nothing is unresolved",
                    fmt::format("{} lanes green, {} blockers unresolved", green_rows(rows),
                                unresolved_upstream(context, up).size()),
                    place_of(context, context.execution_id, "m3i_gate_rollup_matrix.json"),
                    std::string(k_defect_fix)});
}

Judgement::Bodies bodies(const LaneContext& context, const Upstream& up,
                         const std::vector<Blocker>& own) {
  const Json rows = matrix_rows(context, up);
  const Json verdict = verdict_body(context, up, own);
  const Json& unresolved = verdict["unresolved_blockers"];
  return {{"m3i_gate_rollup_matrix.json",
           object({{"lanes", rows},
                   {"required_lane_count", context.lane->reads.size()},
                   {"observed_lane_count", verdict["source_summaries"].items().size()},
                   {"green_lane_count", green_rows(rows)}})},
          {"m3i_blocker_register.json", object({{"unresolved", unresolved},
                                                {"resolved", resolved_blockers(up)},
                                                {"unresolved_count", unresolved.items().size()}})},
          {"m3i_p1_verdict.json", verdict}};
}

Judgement judge(const LaneContext& context, const Upstream& up, const Facts& facts) {
  Blockers blockers(*context.lane);
  for (const std::string& name : context.lane->reads) judge_lane(context, up, name, blockers);
  judge_severities(context, up, blockers);
  judge_sources(context, up, blockers);
  judge_matrix(context, up, blockers);
  judge_rebuilt(context, facts, blockers);
  Judgement judgement;
  judgement.platform_run_id = up.lane("M3.B").summary["platform_run_id"];
  judgement.bodies = bodies(context, up, blockers.all());
  judgement.restate = [&context, &up](const auto& own) { return bodies(context, up, own); };
  judgement.blockers = blockers.all();
  return judgement;
}

}  // namespace

const Lane& i_gate_rollup() {
  static const Lane k_lane{
      {.lane = "M3.I",
       .letter = 'i',
       .slug = "gate-rollup",
       .title = "Gate rollup and blocker adjudication",
       .reads = {"M3.A", "M3.B", "M3.C", "M3.D", "M3.E", "M3.F", "M3.G", "M3.H"},
       .artifacts = {{"m3i_gate_rollup_matrix.json",
                      {"platform_run_id", "lanes", "required_lane_count", "observed_lane_count",
                       "green_lane_count", "overall_pass"}},
                     {"m3i_blocker_register.json",
                      {"platform_run_id", "unresolved", "resolved", "unresolved_count"}},
                     {"m3i_p1_verdict.json",
                      {"platform_run_id", "verdict", "unresolved_blockers", "source_summaries"}}},
       .checks = {"M3I-V1-UPSTREAM-SUMMARIES", "M3I-V2-UPSTREAM-GREEN", "M3I-V3-BLOCKER-ROLLUP",
                  "M3I-V4-MATRIX-BUILD", "M3I-V5-REGISTER-BUILD", "M3I-V6-VERDICT-BUILD",
                  "M3I-V7-DURABLE-PUBLISH"},
       .blockers =
           {{"M3I-B1", Severity::k_s1, "M3-B9",
             "a required upstream artifact is missing or unreadable"},
            {"M3I-B2", Severity::k_s2, "M3-B9", "an upstream lane is not green"},
            {"M3I-B3", Severity::k_s1, "M3-B9", "a blocker's severity is unknown or ambiguous"},
            {"M3I-B4", Severity::k_s1, "M3-B9", "the rollup matrix contradicts its sources"},
            {"M3I-B5", Severity::k_s1, "M3-B9", "the unresolved set is missing or implicit"},
            {"M3I-B6", Severity::k_s1, "M3-B9", "the verdict differs when built again"},
            {"M3I-B7", Severity::k_s2, "M3-B5",
             "a durable artifact could not be published or read back"},
            {"M3I-B8", Severity::k_s1, "M3-B9", "an advance verdict with unresolved blockers"}},
       .codes = {.local_write = "M3I-B7",
                 .publish = "M3I-B7",
                 .read_back = "M3I-B7",
                 .incomplete = "M3I-B5",
                 .secret = "M3I-B5",
                 .missing_upstream = "M3I-B1",
                 .false_advance = "M3I-B8"},
       .publish_check = "M3I-V7-DURABLE-PUBLISH",
       .receipts_artifact = "",
       .always_runs = true},
      gather,
      judge};
  return k_lane;
}

}  // namespace runpin
