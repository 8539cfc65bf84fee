// M3.J: the phase's verdict and the marker that lets M4 in, from M3.I's rollup and the hand-off
// pack as they stand in durable storage.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "runpin/canon/digest.h"
#include "runpin/gate/facts.h"
#include "runpin/gate/handles.h"
#include "runpin/gate/layout.h"
#include "runpin/gate/verdict.h"
#include "runpin/lanes/lanes.h"
#include "runpin/lanes/version_scan.h"

namespace runpin {
namespace {

constexpr std::string_view k_verdict = "m3i_p1_verdict.json";
constexpr std::string_view k_root = "S3_EVIDENCE_RUN_ROOT_PATTERN";
constexpr std::string_view k_pack = "m4_handoff_pack.json";
constexpr std::string_view k_new_run = "runpin run: committed evidence is never mended in place";

const Json* artifact_entry(const Upstream& up, std::string_view lane, std::string_view name) {
  for (const Json& entry : up.lane(lane).summary["artifacts"].items())
    if (entry["name"].text() == name) return &entry;
  return nullptr;
}

// {lane, key, sha256} of an artifact as its lane's summary lists it; null where it does not.
Json reference(const Upstream& up, std::string_view lane, std::string_view name) {
  const Json* entry = artifact_entry(up, lane, name);
  if (!entry) return nullptr;
  return object({{"lane", lane}, {"key", (*entry)["durable_key"]}, {"sha256", (*entry)["sha256"]}});
}

Json gather_handoff(World& world, const Upstream& up) {
  const Json pack = reference(up, "M3.F", k_pack);
  if (pack.is_null()) return nullptr;
  return fact_of(world.store_meanwhile().get(ObjectKey(pack["key"].text())), [](const auto& found) {
    return found ? Json(sha256(found->bytes).str()) : Json();
  });
}

// Asked again of a chain that is about to advance: evidence may have gone since M3.G looked.
Json gather_closing_versions(World& world, const LaneContext& context, const Upstream& up) {
  for (const std::string& name : context.lane->reads)
    if (up.lane(name).state != LaneState::k_green) return nullptr;
  const std::string& id =
      up.artifact("M3.B", "m3b_run_identity_seed.json")["platform_run_id"].text();
  const HandleFacts handles(up.artifact("M3.B", "m3b_command_receipts.json")["facts"]["handles"]);
  return gather_versions(world, *context.layout, up,
                         replace_all(handles.text(k_root), "{platform_run_id}", id));
}

Facts gather(const LaneContext& context, const Upstream& up, World& world) {
  Facts facts = Json::Object{};
  Json handoff, versions;
  world.at_once({[&](World& w) {
                   w.check("M3J-V3-HANDOFF-REF");
                   handoff = gather_handoff(w, up);
                 },
                 [&](World& w) {
                   w.check("M3J-V2-UPSTREAM-CHAIN");
                   versions = gather_closing_versions(w, context, up);
                 }});
  facts.set("handoff", handoff);
  facts.set("versions", versions);
  world.check("M3J-V6-DURABLE-PUBLISH");
  Json notes = Json::Array{};
  for (const Setting& note : world.workspace().closure_notes) {
    const auto appendable = world.documents().check_appendable(note.value);
    notes.push(object({{"path", note.value},
                       {"error", appendable ? Json() : fact_of(appendable.error())["error"]}}));
  }
  facts.set("closure_notes", notes);
  return facts;
}

void judge_verdict(const Upstream& up, Blockers& blockers) {
  const std::string& verdict = up.artifact("M3.I", k_verdict)["verdict"].text();
  const LaneEvidence& rollup = up.lane("M3.I");
  if (verdict.empty() && rollup.state == LaneState::k_held) return;  // it says itself why
  if (verdict != k_advance_to_m3j && verdict != k_hold_remediate && verdict != k_no_go)
    blockers.raise(
        "M3J-B1",
        {"the rollup's verdict is missing, unreadable or outside the vocabulary",
         "ADVANCE_TO_M3J, HOLD_REMEDIATE or NO_GO_RESET_REQUIRED",
         verdict.empty() ? (rollup.reason.empty() ? "no verdict" : rollup.reason) : verdict,
         rollup.summary_key.empty() ? "M3.I" : rollup.summary_key, std::string(k_new_run)});
}

// The rollup must have judged the summaries that are there now.
void judge_sources(const Upstream& up, Blockers& blockers) {
  for (const Json& source : up.lane("M3.I").summary["sources"].items()) {
    const LaneEvidence& lane = up.lane(source["lane"].text());
    if (lane.summary.is_null() || lane.summary_sha256.str() == source["summary_sha256"].text())
      continue;
    blockers.raise(
        "M3J-B5",
        {fmt::format("the rollup judged another summary of {} than the one that is there",
                     source["lane"].text()),
         "SHA-256 " + source["summary_sha256"].text(), "SHA-256 " + lane.summary_sha256.str(),
         lane.summary_key, std::string(k_new_run)});
  }
}

void judge_chain(const LaneContext& context, const Upstream& up, Blockers& blockers) {
  const auto of_rollup = [&](std::string_view artifact) {
    return place_of(context, up.lane("M3.I").execution_id, artifact);
  };
  std::vector<std::string> open;
  for (const std::string& name : context.lane->reads)
    if (up.lane(name).state != LaneState::k_green)
      open.push_back(fmt::format("{} {}", name, name_of(up.lane(name).state)));
  if (!open.empty())
    blockers.raise("M3J-B2", {"the M3 chain is incomplete or not green", "M3.A to M3.I green",
                              join(open, ", "), of_rollup("m3i_gate_rollup_matrix.json"),
                              "apply the fixes that runpin status lists, then runpin resume"});
  const Json& rollup = up.artifact("M3.I", k_verdict);
  const bool advances = rollup["verdict"].text() == k_advance_to_m3j;
  const auto unresolved = rollup["unresolved_blockers"].items().size();
  if (unresolved > 0)
    blockers.raise(
        "M3J-B3", {"blockers are unresolved at closure", "none",
                   fmt::format("{} unresolved", unresolved), of_rollup("m3i_blocker_register.json"),
                   "apply the fixes that runpin status lists, then runpin resume"});
  if (advances && (unresolved > 0 || !open.empty()))
    blockers.raise("M3J-B8",
                   {"the rollup advances a chain that is not green", "no advance",
                    open.empty() ? fmt::format("{} unresolved", unresolved) : join(open, ", "),
                    of_rollup(k_verdict), std::string(k_new_run)});
  const std::string& verdict = rollup["verdict"].text();
  if ((verdict == k_hold_remediate || verdict == k_no_go) && unresolved == 0)
    blockers.raise("M3J-B5", {"the rollup holds the run and names nothing that is unresolved",
                              "the blockers behind its verdict", rollup["verdict"].text(),
                              of_rollup(k_verdict), std::string(k_new_run)});
}

// Only a chain that got as far as M3.F has a pack to hold to its word.
void judge_handoff(const Upstream& up, const Facts& facts, Blockers& blockers) {
  const Json pack = reference(up, "M3.F", k_pack);
  const LaneState state = up.lane("M3.F").state;
  const bool lost = state == LaneState::k_unreadable && !pack.is_null();
  if (state != LaneState::k_green && !lost) return;
  const Fact found(facts["handoff"]);
  if (found.failed() || pack.is_null() || found.value != pack["sha256"])
    blockers.raise("M3J-B4",
                   {"the hand-off pack cannot be read, or is not the one that M3.F committed",
                    "SHA-256 " + pack["sha256"].text(),
                    found.failed()          ? found.failure()
                    : found.value.is_null() ? "no object"
                                            : "SHA-256 " + found.value.text(),
                    pack["key"].text(), std::string(k_new_run)});
}

void judge_notes(const Facts& facts, Blockers& blockers) {
  for (const Json& note : facts["closure_notes"].items())
    if (!note["error"].is_null())
      blockers.raise(
          "M3J-B7", {"a closure note could not be appended", "an existing file that can be written",
                     note["error"]["message"].text(), note["path"].text(),
                     "make the file, or take it out of [closure] notes in runpin.toml"});
}

// The unresolved set at closure: the rollup's, where that left none what the summaries say, and
// what this lane found.
std::vector<Blocker> unresolved_at_closure(const LaneContext& context, const Upstream& up,
                                           const std::vector<Blocker>& own) {
  std::vector<Blocker> all;
  const auto add = [&all](const Json& blockers) {
    for (Blocker& blocker : blockers_from_json(blockers).value_or(std::vector<Blocker>{}))
      all.push_back(std::move(blocker));
  };
  const Json& verdict = up.artifact("M3.I", k_verdict);
  if (!verdict.is_null())
    add(verdict["unresolved_blockers"]);
  else
    for (const std::string& name : context.lane->reads) add(up.lane(name).summary["blockers"]);

  all.insert(all.end(), own.begin(), own.end());
  return all;
}

Json phase_summary(const LaneContext& context, const Upstream& up,
                   const std::vector<Blocker>& unresolved) {
  Json lanes = Json::Array{}, sources = Json::Array{};
  for (const std::string& name : context.lane->reads) {
    const LaneEvidence& lane = up.lane(name);
    const bool evidenced = !lane.summary.is_null();
    lanes.push(object({{"lane", name},
                       {"execution_id", evidenced ? Json(lane.execution_id.str()) : Json()},
                       {"state", name_of(lane.state)},
                       {"overall_pass", lane.state == LaneState::k_green}}));
    if (evidenced)
      sources.push(object({{"lane", name},
                           {"execution_id", lane.execution_id.str()},
                           {"summary_sha256", lane.summary_sha256.str()}}));
  }
  const Json& seed = up.artifact("M3.B", "m3b_run_identity_seed.json");
  const std::string_view hold = hold_class(unresolved);
  return object({{"platform_run_id", up.lane("M3.B").summary["platform_run_id"]},
                 {"scenario_run_id", seed["scenario_run_id"]},
                 {"config_digest",
                  up.artifact("M3.C", "m3c_run_config_digest_snapshot.json")["config_digest"]},
                 {"verdict", hold.empty() ? k_advance_to_m4 : k_hold_m3},
                 {"hold_class", hold.empty() ? Json() : Json(hold)},
                 {"unresolved_blockers", to_json(unresolved)},
                 {"lanes", lanes},
                 {"sources", sources}});
}

Json entry_receipt(const Upstream& up, const Json& summary) {
  const Json& pack = up.artifact("M3.F", k_pack);
  const bool ready = summary["verdict"].text() == k_advance_to_m4;
  return object(
      {{"platform_run_id", summary["platform_run_id"]},
       {"scenario_run_id", summary["scenario_run_id"]},
       {"config_digest", summary["config_digest"]},
       {"m4_entry_ready", ready},
       {"verdict", summary["verdict"]},
       {"m3i_verdict_ref", reference(up, "M3.I", k_verdict)},
       {"m3f_handoff_ref", reference(up, "M3.F", k_pack)},
       {"required_platform_run_id_env_key", pack["required_platform_run_id_env_key"]},
       {"required_platform_run_id_env_value", pack["required_platform_run_id_env_value"]}});
}

Judgement::Bodies bodies(const LaneContext& context, const Upstream& up,
                         const std::vector<Blocker>& own) {
  Json summary = phase_summary(context, up, unresolved_at_closure(context, up, own));
  Json receipt = entry_receipt(up, summary);
  return {{"m3_execution_summary.json", std::move(summary)},
          {"m4_entry_readiness_receipt.json", std::move(receipt)}};
}

// An advance must be whole: everything that M4 will rely on is named.
void judge_receipt(const LaneContext& context, const Json& receipt, Blockers& blockers) {
  if (!receipt["m4_entry_ready"].is_true()) return;
  for (const auto& [field, value] : receipt.members())
    if (value.is_null() || (value.if_string() && value.text().empty()))
      blockers.raise("M3J-B6",
                     {fmt::format("m4_entry_readiness_receipt.json lacks {}", field),
                      "every reference and field", "nothing",
                      place_of(context, context.execution_id, "m4_entry_readiness_receipt.json"),
                      std::string(k_new_run)});
}

Judgement judge(const LaneContext& context, const Upstream& up, const Facts& facts) {
  Blockers blockers(*context.lane);
  judge_verdict(up, blockers);
  judge_sources(up, blockers);
  judge_chain(context, up, blockers);
  judge_handoff(up, facts, blockers);
  judge_notes(facts, blockers);
  if (!facts["versions"].is_null()) judge_versions(facts["versions"], "M3J-B5", blockers);
  judge_receipt(context, bodies(context, up, blockers.all())[1].second, blockers);
  Judgement judgement;
  judgement.platform_run_id = up.lane("M3.B").summary["platform_run_id"];
  judgement.bodies = bodies(context, up, blockers.all());
  judgement.restate = [&context, &up](const auto& own) { return bodies(context, up, own); };
  judgement.blockers = blockers.all();
  return judgement;
}

}  // namespace

const Lane& j_phase_verdict() {
  static const Lane k_lane{
      {.lane = "M3.J",
       .letter = 'j',
       .slug = "phase-verdict",
       .title = "Phase verdict and M4 entry marker",
       .reads = {"M3.A", "M3.B", "M3.C", "M3.D", "M3.E", "M3.F", "M3.G", "M3.H", "M3.I"},
       .artifacts = {{"m3_execution_summary.json",
                      {"phase_id", "platform_run_id", "scenario_run_id", "config_digest", "verdict",
                       "hold_class", "overall_pass", "unresolved_blockers", "lanes", "sources"},
                      "M3J-B5"},
                     {"m4_entry_readiness_receipt.json",
                      {"platform_run_id", "scenario_run_id", "config_digest", "m4_entry_ready",
                       "verdict", "m3i_verdict_ref", "m3f_handoff_ref",
                       "required_platform_run_id_env_key", "required_platform_run_id_env_value"}}},
       .checks = {"M3J-V1-M3I-VERDICT", "M3J-V2-UPSTREAM-CHAIN", "M3J-V3-HANDOFF-REF",
                  "M3J-V4-M3-SUMMARY-BUILD", "M3J-V5-M4-ENTRY-BUILD", "M3J-V6-DURABLE-PUBLISH"},
       .blockers = {{"M3J-B1", Severity::k_s1, "M3-B9",
                     "the M3.I verdict is missing, unreadable or outside the vocabulary"},
                    {"M3J-B2", Severity::k_s2, "M3-B9", "the M3 chain is incomplete or not green"},
                    {"M3J-B3", Severity::k_s2, "M3-B9", "unresolved blockers at closure"},
                    {"M3J-B4", Severity::k_s1, "M3-B6",
                     "the hand-off pack is unreadable or has drifted"},
                    {"M3J-B5", Severity::k_s1, "M3-B9",
                     "m3_execution_summary.json is missing or contradicts the adjudication"},
                    {"M3J-B6", Severity::k_s1, "M3-B9",
                     "m4_entry_readiness_receipt.json lacks a reference or field"},
                    {"M3J-B7", Severity::k_s2, "M3-B5",
                     "a durable artifact could not be published or read back"},
                    {"M3J-B8", Severity::k_s1, "M3-B9", "ADVANCE_TO_M4 with unresolved blockers"}},
       .codes = {.local_write = "M3J-B7",
                 .publish = "M3J-B7",
                 .read_back = "M3J-B7",
                 .incomplete = "M3J-B6",
                 .secret = "M3J-B6",
                 .missing_upstream = "M3J-B2",
                 .broken_evidence = "M3J-B5",
                 .false_advance = "M3J-B8"},
       .publish_check = "M3J-V6-DURABLE-PUBLISH",
       .receipts_artifact = "",
       .always_runs = true},
      gather,
      judge};
  return k_lane;
}

}  // namespace runpin
