// A lane's evidence as the gate reads it back: a line "lane L", then the objects of one execution,
// named as artifacts.
// "@NAME@" within a summary stands for the SHA-256 of the object NAME, so that a mutation can be
// whole.
#include <algorithm>

#include "fuzz/layout.h"
#include "fuzz/objects.h"
#include "fuzz/property.h"
#include "runpin/canon/digest.h"
#include "runpin/canon/json_writer.h"
#include "runpin/gate/closure_note.h"
#include "runpin/gate/evidence_reader.h"
#include "runpin/gate/report.h"
#include "runpin/lanes/lanes.h"

namespace runpin::fuzz {
namespace {

const FieldNames& names() {
  static const FieldNames k_names = *FieldNames::from(*Registry::parse(
      "* `FIELD_PLATFORM_RUN_ID = \"run_id\"`\n* `CONFIG_DIGEST_FIELD = \"digest\"`\n", "r.md"));
  return k_names;
}

const Lane& lane_named(std::string_view head) {
  const auto lanes = all_lanes();
  const auto named = std::find_if(lanes.begin(), lanes.end(), [&](const Lane& lane) {
    return head.starts_with("lane ") && head.substr(5, 1) == std::string(1, lane.contract.letter);
  });
  return named == lanes.end() ? lanes.front() : *named;
}

LaneEvidence read(const LaneContract& lane, const NamedTexts& objects) {
  const ExecutionId id = execution_id(lane.letter, Stamp("20260223T174307Z"));
  testing::MemoryStore store;
  fill(store, objects, layout().execution_prefix(id));
  return EvidenceReader(store, layout(), names()).read_lane(lane, id);
}

void hold_together(NamedTexts& objects, const std::string& summary_name) {
  for (auto& [name, text] : objects)
    if (name == summary_name)
      for (const auto& [other, bytes] : objects)
        if (!other.empty() && other != summary_name)
          text = replace_all(text, "@" + other + "@", sha256(bytes).str());
}

void examine_whole(const LaneContract& lane, const LaneEvidence& evidence) {
  const auto blockers = blockers_from_json(evidence.summary["blockers"]);
  must(blockers && to_json(*blockers).items().size() == evidence.summary["blockers"].items().size(),
       "blockers read back, each of them");
  must(blockers->empty() == (evidence.state == LaneState::k_green), "green is without a blocker");
  must(evidence.summary["overall_pass"].is_true() == (evidence.state == LaneState::k_green),
       "green is what its summary calls passed");
  if (evidence.state != LaneState::k_green) return;
  for (const ArtifactContract& artifact : lane.artifacts)
    must(evidence.artifacts.contains(artifact.name), "a green lane has every artifact");
}

// Any other byte in an artifact that counts is found.
void changes_are_found(const LaneContract& lane, const LaneEvidence& evidence,
                       const NamedTexts& objects) {
  for (std::size_t i = 0; i < objects.size(); ++i) {
    if (!evidence.artifacts.contains(objects[i].first) || objects[i].second.empty()) continue;
    NamedTexts changed = objects;
    changed[i].second[changed[i].second.size() / 2] ^= 1;
    const LaneEvidence found = read(lane, changed);
    must(found.state == LaneState::k_unreadable || found.artifacts == evidence.artifacts,
         "an artifact that was changed is found");
  }
}

void examine_verdict(const LaneContract& lane, const LaneEvidence& evidence) {
  if (lane.letter != 'j') return;
  if (evidence.state == LaneState::k_green || evidence.state == LaneState::k_held)
    must(!closure_note(evidence).text.empty(), "a verdict leaves a note");
  std::vector<LaneReport> lanes;
  for (const Lane& each : all_lanes()) lanes.push_back({&each.contract, {}, {}});
  lanes.back().evidence = evidence;
  const RunReport report = report_of(Stamp("20260223T174307Z"), std::move(lanes), lane.letter);
  must(report.exit_code() != ExitCode::k_success, "M3.J alone never advances");
  (void)canonical(to_json(report));
}

}  // namespace

void examine(std::string_view input) {
  NamedTexts objects = named_texts(input);
  const LaneContract& lane = lane_named(objects.front().second).contract;
  hold_together(objects, lane.summary_name());
  const LaneEvidence evidence = read(lane, objects);
  must((evidence.state == LaneState::k_green) == evidence.reason.empty(),
       "what is not green has a reason");
  must(names().to_standard(names().to_pinned(evidence.summary)) == evidence.summary ||
           !evidence.summary.is_object(),
       "field names are told back");
  if (evidence.state == LaneState::k_green || evidence.state == LaneState::k_held) {
    examine_whole(lane, evidence);
    changes_are_found(lane, evidence, objects);
  }
  examine_verdict(lane, evidence);
}

}  // namespace runpin::fuzz
