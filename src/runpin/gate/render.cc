#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "runpin/canon/digest.h"
#include "runpin/canon/json_writer.h"
#include "runpin/gate/publication.h"
#include "runpin/gate/secret_scan.h"

namespace runpin {
namespace {

const LaneContract& lane_of(const Draft& draft) {
  return *draft.context->lane;
}

// What the engine knows of any artifact's field; nothing for what only the lane can say.
std::optional<Json> common_field(const Draft& draft, const std::vector<Blocker>& blockers,
                                 std::string_view field) {
  const LaneContext& context = *draft.context;
  if (field == "phase_id") return Json(k_phase_id);
  if (field == "lane") return Json(context.lane->lane);
  if (field == "execution_id") return Json(context.execution_id.str());
  if (field == "platform_run_id") return draft.judgement.platform_run_id;
  if (field == "overall_pass") return Json(blockers.empty());
  if (field == "blocker_count") return Json(blockers.size());
  if (field == "blockers") return to_json(blockers);
  if (field == "receipts") return to_json(draft.receipts);
  return {};
}

const Json* body_of(const Judgement::Bodies& bodies, const std::string& name) {
  for (const auto& [body_name, body] : bodies)
    if (body_name == name) return &body;
  return nullptr;
}

// The artifact under standard names; `*missing` gets the fields that nobody filled in.
Json complete_body(const Draft& draft, const Json* judged, const ArtifactContract& artifact,
                   const std::vector<Blocker>& blockers, std::vector<std::string>* missing) {
  Json body = judged ? *judged : Json(Json::Object{});
  for (const std::string& field : artifact.fields) {
    const bool engine_decides = field == "overall_pass";
    if (!engine_decides && body.find(field)) continue;
    if (auto common = common_field(draft, blockers, field))
      body.set(field, std::move(*common));
    else if (draft.facts.is_null())
      body.set(field, nullptr);  // refused before it could gather: nothing is known
    else
      missing->push_back(field);
  }
  if (artifact.name == lane_of(draft).receipts_artifact) body.set("facts", draft.facts);
  return body;
}

// True for an artifact that lets a run go on although something is unresolved.
bool advances_falsely(const Json& body, const std::vector<Blocker>& blockers) {
  const bool advances =
      body["verdict"].text().starts_with("ADVANCE") || body["m4_entry_ready"].is_true();
  return advances && (!blockers.empty() || !body["unresolved_blockers"].items().empty());
}

std::string withheld(const std::string& rule) {
  return fmt::format("[withheld: {}]", rule);
}

std::string without_secrets(const std::string& text) {
  const auto secrets = scan_secrets(text);
  return secrets.empty() ? text : withheld(secrets.front().rule);
}

void withhold_secrets(std::vector<Blocker>& blockers) {
  for (Blocker& blocker : blockers)
    for (std::string* text : {&blocker.says.message, &blocker.says.expected, &blocker.says.found,
                              &blocker.says.where, &blocker.says.fix})
      *text = without_secrets(*text);
}

void raise_secret(const LaneContract& lane, std::string message, const std::string& rule,
                  std::string place, Blockers& found) {
  found.raise(
      lane.codes.secret,
      {std::move(message), "no secret in any published byte", "rule " + rule, std::move(place),
       "take the secret out of the input that this field came from, rotate it, then "
       "runpin run"});
}

// Renders every artifact with the blockers as they are known so far. Answers what it found.
std::vector<Blocker> render_artifacts(const Draft& draft, const FieldNames& names,
                                      Rendered& rendered) {
  const LaneContract& lane = lane_of(draft);
  const std::vector<Blocker>& blockers = rendered.blockers;
  const Judgement& judgement = draft.judgement;
  const Judgement::Bodies bodies =
      judgement.restate ? judgement.restate(blockers) : judgement.bodies;
  Blockers found(lane);
  rendered.artifacts.clear();
  for (const ArtifactContract& artifact : lane.artifacts) {
    std::vector<std::string> missing;
    const Json body =
        complete_body(draft, body_of(bodies, artifact.name), artifact, blockers, &missing);
    if (!missing.empty()) {
      found.raise(
          artifact.incomplete_code.empty() ? lane.codes.incomplete : artifact.incomplete_code,
          {fmt::format("{} lacks a field of its contract", artifact.name),
           join(artifact.fields, ", "), "no " + join(missing, ", "), artifact.name,
           std::string(k_defect_fix)});
      continue;
    }
    if (advances_falsely(body, blockers)) {
      found.raise(
          lane.codes.false_advance.empty() ? lane.codes.incomplete : lane.codes.false_advance,
          {fmt::format("{} would advance a run that has unresolved blockers, and is withheld",
                       artifact.name),
           "no advance", "verdict " + body["verdict"].text(), artifact.name,
           std::string(k_defect_fix)});
      continue;
    }
    Bytes bytes = pretty(names.to_pinned(body));
    const auto secrets = scan_secrets(bytes);
    if (!secrets.empty()) {
      raise_secret(lane,
                   fmt::format("{} would publish secret material, and is withheld", artifact.name),
                   secrets.front().rule, where(artifact.name, secrets.front().position), found);
      continue;
    }
    rendered.artifacts.emplace_back(artifact.name, std::move(bytes));
  }
  return found.all();
}

Json source_entries(const Draft& draft) {
  Json sources = Json::Array{};
  for (const std::string& lane : lane_of(draft).reads) {
    const LaneEvidence& evidence = draft.upstream->lane(lane);
    if (evidence.summary.is_null()) continue;
    sources.push(object({{"lane", lane},
                         {"execution_id", evidence.execution_id.str()},
                         {"summary_key", evidence.summary_key},
                         {"summary_sha256", evidence.summary_sha256.str()}}));
  }
  return sources;
}

Json artifact_entries(const Draft& draft, const Layout& layout,
                      const std::vector<std::pair<std::string, Bytes>>& artifacts) {
  Json entries = Json::Array{};
  for (const auto& [name, bytes] : artifacts) {
    Json copies = Json::Array{};
    for (const auto& [original, key] : draft.judgement.copies)
      if (original == name) copies.push(key);
    entries.push(
        object({{"name", name},
                {"size", bytes.size()},
                {"sha256", sha256(bytes).str()},
                {"durable_key", layout.artifact_key(draft.context->execution_id, name).str()},
                {"copies", copies}}));
  }
  return entries;
}

// The execution summary under pinned names.
Json complete_summary(const Draft& draft, const Layout& layout, const FieldNames& names,
                      const Rendered& rendered) {
  const LaneContext& context = *draft.context;
  Json summary =
      object({{"next_gate", rendered.blockers.empty() ? Json(context.lane->next_gate()) : Json()},
              {"started_at_utc", context.now.rfc3339()},
              {"ended_at_utc", context.now.rfc3339()},
              {"artifacts", artifact_entries(draft, layout, rendered.artifacts)},
              {"publish_check", context.lane->publish_check},
              {"sources", source_entries(draft)},
              {"supersedes", context.supersedes ? Json(context.supersedes->str()) : Json()},
              {"field_names", names.recorded()}});
  if (context.lane->receipts_artifact.empty()) {
    summary.set("receipts", to_json(draft.receipts));
    summary.set("facts", draft.facts);
  }
  for (const std::string& field : summary_fields())
    if (!summary.find(field)) summary.set(field, *common_field(draft, rendered.blockers, field));
  return names.to_pinned(summary);
}

// Renders the summary of what is in `rendered`. A held lane owes one too, so what the scan finds
// costs it no more than the fields in question. Answers what was found.
std::vector<Blocker> render_summary(const Draft& draft, const Layout& layout,
                                    const FieldNames& names, Rendered& rendered) {
  const LaneContract& lane = lane_of(draft);
  const std::string name = lane.summary_name();
  const Json whole = complete_summary(draft, layout, names, rendered);
  rendered.summary = {layout.artifact_key(draft.context->execution_id, name), pretty(whole)};
  const auto secrets = scan_secrets(rendered.summary.bytes);
  if (secrets.empty()) return {};
  Json summary = whole;
  std::vector<std::string> fields;
  for (const auto& [field, value] : whole.members()) {
    const auto in_field = scan_named_value(field, value);
    if (in_field.empty()) continue;
    fields.push_back(field);
    summary.set(field, withheld(in_field.front().rule));
  }
  rendered.summary.bytes = pretty(summary);
  if (!scan_secrets(rendered.summary.bytes).empty())
    throw std::logic_error(name + " holds secret material that cannot be withheld");
  Blockers found(lane);
  raise_secret(
      lane,
      fmt::format("{} would publish secret material, and is without {}", name, join(fields, ", ")),
      secrets.front().rule, name, found);
  return found.all();
}

std::vector<ObjectToWrite> durable_objects(
    const Draft& draft, const Layout& layout,
    const std::vector<std::pair<std::string, Bytes>>& artifacts) {
  std::vector<ObjectToWrite> objects;
  for (const auto& [name, bytes] : artifacts) {
    objects.push_back({layout.artifact_key(draft.context->execution_id, name), bytes});
    for (const auto& [original, key] : draft.judgement.copies)
      if (original == name) objects.push_back({ObjectKey(key), bytes});
  }
  return objects;
}

}  // namespace

Rendered render(const Draft& draft, const Layout& layout, const FieldNames& names,
                bool list_artifacts) {
  Rendered rendered;
  rendered.blockers = draft.judgement.blockers;
  withhold_secrets(rendered.blockers);
  const auto render_all = [&] {
    std::vector<Blocker> found;
    if (list_artifacts) found = render_artifacts(draft, names, rendered);
    const auto in_summary = render_summary(draft, layout, names, rendered);
    found.insert(found.end(), in_summary.begin(), in_summary.end());
    return found;
  };
  if (const auto found = render_all(); !found.empty()) {
    // Whatever was found turns the lane, so that every artifact and the summary say so too.
    rendered.blockers.insert(rendered.blockers.end(), found.begin(), found.end());
    render_all();
  }
  rendered.objects = durable_objects(draft, layout, rendered.artifacts);
  return rendered;
}

}  // namespace runpin
