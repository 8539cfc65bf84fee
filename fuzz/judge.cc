// Lanes' judges over facts and evidence that no gather made, and what would be published of it: a
// line "lane L", then JSON texts: "=== facts", and of each lane before it "=== M3.X" with {"state",
// "summary", "artifacts"}.
#include <algorithm>
#include <iterator>
#include <sstream>

#include "fuzz/objects.h"
#include "fuzz/property.h"
#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "runpin/gate/publication.h"
#include "runpin/gate/secret_scan.h"
#include "runpin/lanes/lanes.h"

namespace runpin::fuzz {
namespace {

const Stamp k_stamp("20260223T174307Z");

const Layout& layout() {
  static const Layout k_layout = *Layout::from(*Registry::parse(
      "* `S3_RUN_CONTROL_ROOT_PATTERN = \"e/run_control/{phase_execution_id}/\"`\n", "r.md"));
  return k_layout;
}

const Lane& lane_named(std::string_view head) {
  const auto lanes = all_lanes();
  const auto named = std::find_if(lanes.begin(), lanes.end(), [&](const Lane& lane) {
    return head.starts_with("lane ") && head.substr(5, 1) == std::string(1, lane.contract.letter);
  });
  return named == lanes.end() ? lanes.front() : *named;
}

LaneContext context_of(const Lane& lane, const FieldNames& names) {
  LaneContext context;
  context.lane = &lane.contract;
  context.layout = &layout();
  context.names = &names;
  for (const Lane& each : all_lanes()) context.contract.push_back(&each.contract);
  context.execution_id = execution_id(lane.contract.letter, k_stamp);
  context.stamp = k_stamp;
  context.now = *Instant::parse_rfc3339("2026-02-23T17:43:07Z");
  return context;
}

// Evidence as EvidenceReader may give it: with a summary only where the lane is green or held.
LaneEvidence evidence_of(const LaneContract& lane, const Json& said) {
  LaneEvidence evidence;
  for (const LaneState state : {LaneState::k_green, LaneState::k_held, LaneState::k_stopped,
                                LaneState::k_absent, LaneState::k_unreadable})
    if (said["state"].text() == name_of(state)) evidence.state = state;
  evidence.execution_id = execution_id(lane.letter, k_stamp);
  const bool whole = evidence.state == LaneState::k_green || evidence.state == LaneState::k_held;
  if (evidence.state != LaneState::k_green) evidence.reason = "it is not green";
  if (!whole) return evidence;
  evidence.summary = said["summary"];
  evidence.summary_key = layout().artifact_key(evidence.execution_id, lane.summary_name()).str();
  evidence.summary_sha256 = Sha256(std::string(64, '0'));
  for (const auto& [name, body] : said["artifacts"].members()) evidence.artifacts[name] = body;
  return evidence;
}

// Sets the value at `*place`, counted from 0 through `json` with all that is in it; returns `json`
// so changed. `*place` counts down and is below 0 behind it.
Json with_value(const Json& json, long* place, const Json& value) {
  if ((*place)-- == 0) return value;
  if (const Json::Object* members = json.if_object()) {
    Json::Object changed;
    for (const auto& [name, member] : *members)
      changed.emplace(name, *place < 0 ? member : with_value(member, place, value));
    return changed;
  }
  if (const Json::Array* items = json.if_array()) {
    Json::Array changed;
    for (const Json& item : *items)
      changed.push_back(*place < 0 ? item : with_value(item, place, value));
    return changed;
  }
  return json;
}

// The JSON text of that name, edited; null where there is none.
Json json_named(const NamedTexts& texts, const std::string& name) {
  Json json;
  for (const auto& [each, text] : texts)
    if (each == name) json = read_json(text, name).value_or(Json());
  for (const auto& [each, text] : texts) {
    if (each != "edits") continue;
    for (std::string_view rest = text; !rest.empty();) {
      std::istringstream line{std::string(take_line(rest))};
      std::string edited;
      long place = -1;
      line >> edited >> place;
      const std::string value(std::istreambuf_iterator<char>(line), {});
      const auto parsed = read_json(value, "edit");
      if (edited == name && place >= 0 && parsed) json = with_value(json, &place, *parsed);
    }
  }
  return json;
}

Upstream upstream_of(const NamedTexts& texts) {
  Upstream up;
  for (const Lane& lane : all_lanes()) {
    const Json said = json_named(texts, lane.contract.lane);
    if (said.is_object()) up.lanes[lane.contract.lane] = evidence_of(lane.contract, said);
  }
  return up;
}

void examine_rendered(const Rendered& rendered) {
  for (const auto& [name, bytes] : rendered.artifacts) {
    must(scan_secrets(bytes).empty(), "nothing that is published holds a secret");
    const auto body = read_json(bytes, name);
    must(body && pretty(*body) == bytes, "an artifact is canonical JSON");
    const bool advances =
        (*body)["verdict"].text().starts_with("ADVANCE") || (*body)["m4_entry_ready"].is_true();
    must(!advances || rendered.blockers.empty(), "nothing advances beside a blocker");
  }
  const auto summary = read_json(rendered.summary.bytes, "summary");
  must(summary && (*summary)["overall_pass"].is_true() == rendered.blockers.empty(),
       "a summary passes where there is no blocker");
  must(scan_secrets(rendered.summary.bytes).empty(), "a summary holds no secret");
  const auto blockers = blockers_from_json((*summary)["blockers"]);
  must(blockers && blockers->size() == rendered.blockers.size(), "a summary has every blocker");
}

}  // namespace

void examine(std::string_view input) {
  const NamedTexts texts = named_texts(input);
  const Lane& lane = lane_named(texts.front().second);
  const FieldNames names;
  const LaneContext context = context_of(lane, names);
  const Upstream up = upstream_of(texts);
  Draft draft;
  draft.context = &context;
  draft.upstream = &up;
  draft.facts = json_named(texts, "facts");
  if (!draft.facts.is_object()) draft.facts = Json::Object{};
  draft.judgement = lane.judge(context, up, draft.facts);
  const Judgement again = lane.judge(context, up, draft.facts);
  must(to_json(again.blockers) == to_json(draft.judgement.blockers), "a judge says the same twice");
  examine_rendered(render(draft, layout(), names));
}

}  // namespace runpin::fuzz
