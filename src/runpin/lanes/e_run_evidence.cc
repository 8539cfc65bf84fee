// M3.E: run.json and the run header stand in durable storage, written once, byte for byte what this
// run pinned.
#include <fmt/format.h>

#include "runpin/canon/digest.h"
#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "runpin/gate/facts.h"
#include "runpin/gate/handles.h"
#include "runpin/gate/layout.h"
#include "runpin/gate/secret_scan.h"
#include "runpin/lanes/lanes.h"
#include "runpin/lanes/run_objects.h"

namespace runpin {
namespace {

constexpr std::string_view k_run_json = "EVIDENCE_RUN_JSON_KEY";
constexpr std::string_view k_header = "RUN_PIN_PATH_PATTERN";
constexpr std::string_view k_root = "S3_EVIDENCE_RUN_ROOT_PATTERN";

Json resolve_key(const Layout& layout, const HandleFacts& handles, std::string_view handle,
                 const std::string& id) {
  if (!handles.resolved(handle)) {
    const Explanation says = handles.explain(handle);
    return fact_of(Error{ErrorKind::k_config, says.found, says.where, says.fix});
  }
  const std::string fix =
      fmt::format("pin {} to a key of the run's own, with {{platform_run_id}} in it", handle);
  if (handles.text(handle).find("{platform_run_id}") == std::string::npos)
    return fact_of(Error{ErrorKind::k_config, "it does not hold {platform_run_id}",
                         handles.where(handle), fix});
  const auto key = key_from_pattern(handles.text(handle), "platform_run_id", id);
  if (!key)
    return fact_of(Error{ErrorKind::k_config, key.error().message, handles.where(handle), fix});
  const std::string root = replace_all(handles.text(k_root), "{platform_run_id}", id);
  if (root.empty() || !key->str().starts_with(root))
    return fact_of(Error{ErrorKind::k_config, key->str() + " is not under the run's root " + root,
                         handles.where(handle),
                         fmt::format("pin {} to a key that begins with {}", handle, k_root)});
  if (key->str().starts_with(layout.root()))
    return fact_of(
        Error{ErrorKind::k_config, key->str() + " is among the evidence of executions",
              handles.where(handle),
              fmt::format("pin {} and {} to keys outside {}", k_root, handle, layout.root())});
  if (key->str() == root + std::string(k_claim_name))
    return fact_of(
        Error{ErrorKind::k_config, key->str() + " is the claim's key", handles.where(handle), fix});
  return fact_of(Json(key->str()));
}

// The instant that run.json carries: that of an earlier attempt, stopped before it could commit,
// where its bytes stand there already. Only this run knows them, so equal bytes are its own write.
Instant written_at(const LaneContext& context, const Upstream& up,
                   const std::optional<StoredObject>& standing) {
  if (standing)
    for (const Instant& instant : context.earlier)
      if (pretty(context.names->to_pinned(run_json(up, instant))) == standing->bytes)
        return instant;
  return context.now;
}

struct RunObject {
  std::string key;
  Bytes bytes;
};

using Standing = Result<std::optional<StoredObject>>;

// What stands under each key now; asked at once.
std::vector<Standing> look(World& world, EvidenceStore& (World::*store)(),
                           const std::vector<std::string>& keys) {
  std::vector<Standing> found(keys.size());
  std::vector<std::function<void(World&)>> calls;
  for (std::size_t i = 0; i < keys.size(); ++i)
    calls.push_back([&, i](World& w) { found[i] = (w.*store)().get(ObjectKey(keys[i])); });
  world.at_once(calls);
  return found;
}

// Guard and write: the fact that read_back() completes. Nothing is written over another's bytes.
Json write_once(World& world, const RunObject& object_to_write, const Standing& before) {
  Json fact = object({{"key", object_to_write.key},
                      {"local_sha256", sha256(object_to_write.bytes).str()},
                      {"size", object_to_write.bytes.size()}});
  const auto secrets = scan_secrets(object_to_write.bytes);
  if (!secrets.empty()) return fact.set("secret", secrets.front().rule);
  if (!before) return fact.set("error", fact_of(before.error())["error"]);
  fact.set("stood_before", before->has_value());
  if (*before && (*before)->bytes != object_to_write.bytes) return fact.set("other_bytes", true);
  world.check("M3E-V4-UPLOAD");
  const auto put = world.store().create({ObjectKey(object_to_write.key), object_to_write.bytes});
  if (!put && put.error().kind == ErrorKind::k_conflict) return fact.set("other_bytes", true);
  if (!put && put.error().kind != ErrorKind::k_mismatch)
    return fact.set("error", fact_of(put.error())["error"]);
  fact.set("stored", put.has_value());
  return fact.set("etag", put ? Json(put->etag) : Json());
}

bool was_written(const Json& fact) {
  return !fact["stored"].is_null();
}

// Completes the fact of a written object by what is read back.
void read_back(const Standing& back, Json& fact) {
  if (!back)
    fact.set("error", fact_of(back.error())["error"]);
  else
    fact.set("readback_sha256", *back ? Json(sha256((*back)->bytes).str()) : Json());
}

// What the object says of the run.
Json identity_in(const LaneContext& context, const Standing& found) {
  const auto body = found && *found ? read_json((*found)->bytes, "") : Result<Json>(Json());
  const Json standard = body ? context.names->to_standard(*body) : Json();
  return object({{"platform_run_id", standard["platform_run_id"]},
                 {"scenario_run_id", standard["scenario_run_id"]},
                 {"config_digest", standard["config_digest"]}});
}

struct RunFacts {
  Json written_at, run, header;
  bool lost_race = false;  // nothing stood there, and then other bytes did
};

RunFacts write_both(const LaneContext& context, const Upstream& up, World& world,
                    const std::vector<std::string>& keys) {
  world.check("M3E-V3-WRITE-ONCE-GUARD");
  const std::vector<Standing> before = look(world, &World::store_meanwhile, keys);
  const Instant instant = written_at(context, up, before[0] ? *before[0] : std::nullopt);
  const Json run = run_json(up, instant);
  const Bytes run_bytes = pretty(context.names->to_pinned(run));
  const Json header = run_header(run, keys[0], sha256(run_bytes).str());
  RunFacts facts;
  facts.written_at = instant.rfc3339();
  facts.run = write_once(world, {keys[0], run_bytes}, before[0]);
  facts.lost_race = facts.run["other_bytes"].is_true() && !facts.run["stood_before"].is_true();
  if (facts.run["stored"].is_true())
    facts.header =
        write_once(world, {keys[1], pretty(context.names->to_pinned(header))}, before[1]);
  return facts;
}

Facts gather(const LaneContext& context, const Upstream& up, World& world) {
  Facts facts = Json::Object{};
  world.check("M3E-V2-KEY-RESOLVE");
  facts.set("handles", gather_handles(world, {std::string(k_run_json), std::string(k_header),
                                              std::string(k_root)}));
  const HandleFacts handles(facts["handles"]);
  const std::string& id =
      up.artifact("M3.B", "m3b_run_identity_seed.json")["platform_run_id"].text();
  facts.set("run_json_key", resolve_key(*context.layout, handles, k_run_json, id));
  facts.set("run_header_key", resolve_key(*context.layout, handles, k_header, id));
  const Json& run_key = facts["run_json_key"]["value"];
  const Json& header_key = facts["run_header_key"]["value"];
  if (run_key.is_null() || header_key.is_null() || run_key == header_key) return facts;

  const std::vector<std::string> keys{run_key.text(), header_key.text()};
  RunFacts written = write_both(context, up, world, keys);
  // The attempt that this one took over may have written them a moment ago, and they are this
  // run's.
  if (written.lost_race) written = write_both(context, up, world, keys);
  Json run_fact = written.run, header_fact = written.header;
  facts.set("written_at_utc", written.written_at);
  if (was_written(run_fact)) {
    std::vector<Standing> back, again;
    world.at_once({[&](World& w) {
                     w.check("M3E-V5-READBACK");
                     back = look(w, &World::store, keys);
                   },
                   [&](World& w) {
                     w.check("M3E-V6-CONSISTENCY");
                     again = look(w, &World::store, keys);
                   }});
    read_back(back[0], run_fact);
    if (was_written(header_fact)) read_back(back[1], header_fact);
    facts.set("run_json_says", identity_in(context, again[0]));
    facts.set("run_header_says", identity_in(context, again[1]));
  }
  facts.set("run_json", run_fact);
  if (!header_fact.is_null()) facts.set("run_header", header_fact);
  return facts;
}

void judge_keys(const Facts& facts, const HandleFacts& handles, Blockers& blockers) {
  for (const auto& [fact, handle] :
       {std::pair{"run_json_key", k_run_json}, {"run_header_key", k_header}})
    if (const Fact key(facts[fact]); key.failed())
      blockers.raise("M3E-B2", {fmt::format("{} leads to no object key", handle),
                                "a key with {platform_run_id} in it", key.error["message"].text(),
                                key.error["where"].text(), key.error["fix"].text()});
  const Json& run_key = facts["run_json_key"]["value"];
  if (!run_key.is_null() && run_key == facts["run_header_key"]["value"])
    blockers.raise("M3E-B2", {"run.json and the run header have the same key", "a key for each",
                              run_key.text(), handles.where(k_header),
                              fmt::format("pin {} to a key of its own", k_header)});
}

void judge_write(std::string_view what, const Json& write, Blockers& blockers) {
  if (write.is_null()) return;
  const std::string& key = write["key"].text();
  if (write["secret"].if_string())
    blockers.raise("M3E-B7",
                   {fmt::format("{} would publish secret material, and was not written", what),
                    "no secret in run evidence", "rule " + write["secret"].text(), key,
                    "take the secret out of the registry, rotate it, then runpin run"});
  else if (write["other_bytes"].is_true())
    blockers.raise("M3E-B3", {fmt::format("{} stands there already with other bytes", what),
                              "no object, or these very bytes", "another object", key,
                              "runpin run: what stands there is never overwritten"});
  else if (!write["error"].is_null())
    blockers.raise("M3E-B4", {fmt::format("{} could not be written", what),
                              "an object written and read back", write["error"]["message"].text(),
                              key, "bring the evidence store back, then runpin resume"});
  else if (write["readback_sha256"] != write["local_sha256"])
    blockers.raise(
        "M3E-B5",
        {fmt::format("{} read back differs from what was written", what),
         write["local_sha256"].text(),
         write["readback_sha256"].is_null() ? "no object" : write["readback_sha256"].text(), key,
         "runpin probe-store before trusting the store again, then runpin run"});
}

void judge_consistency(const Upstream& up, const Facts& facts, Blockers& blockers) {
  if (!blockers.empty()) return;
  const Json expected = object(
      {{"platform_run_id", up.artifact("M3.B", "m3b_run_identity_seed.json")["platform_run_id"]},
       {"scenario_run_id", up.artifact("M3.B", "m3b_run_identity_seed.json")["scenario_run_id"]},
       {"config_digest",
        up.artifact("M3.C", "m3c_run_config_digest_snapshot.json")["config_digest"]}});
  for (const auto& [name, what] :
       {std::pair{"run_json", "run.json"}, {"run_header", "the run header"}}) {
    const Json& says = facts[std::string(name) + "_says"];
    if (says != expected)
      blockers.raise("M3E-B6",
                     {fmt::format("{} does not carry this run's identity and digest", what),
                      canonical(expected), canonical(says), facts[name]["key"].text(),
                      "runpin run: committed evidence is never mended in place"});
  }
}

Json write_receipt(const Upstream& up, const Json& write, const char* key_field, const Json& key) {
  return object(
      {{"scenario_run_id", up.artifact("M3.B", "m3b_run_identity_seed.json")["scenario_run_id"]},
       {"config_digest",
        up.artifact("M3.C", "m3c_run_config_digest_snapshot.json")["config_digest"]},
       {"local_sha256", write["local_sha256"]},
       {"s3_etag", write["etag"]},
       {"readback_sha256", write["readback_sha256"]},
       {"size", write["size"]},
       {"write_once_guard_pass",
        !write.is_null() && !write["other_bytes"].is_true() && write["error"].is_null()},
       {key_field, key}});
}

Judgement judge(const LaneContext& context, const Upstream& up, const Facts& facts) {
  const HandleFacts handles(facts["handles"]);
  Blockers blockers(*context.lane);
  judge_keys(facts, handles, blockers);
  judge_write("run.json", facts["run_json"], blockers);
  judge_write("the run header", facts["run_header"], blockers);
  if (!facts["run_json"].is_null()) judge_consistency(up, facts, blockers);
  Judgement judgement;
  judgement.platform_run_id = up.artifact("M3.B", "m3b_run_identity_seed.json")["platform_run_id"];
  judgement.bodies.emplace_back("m3e_run_json_write_receipt.json",
                                write_receipt(up, facts["run_json"], "resolved_run_json_key",
                                              facts["run_json_key"]["value"]));
  judgement.bodies.emplace_back("m3e_run_header_write_receipt.json",
                                write_receipt(up, facts["run_header"], "resolved_run_header_key",
                                              facts["run_header_key"]["value"]));
  judgement.blockers = blockers.all();
  return judgement;
}

}  // namespace

const Lane& e_run_evidence() {
  static const Lane k_lane{
      {.lane = "M3.E",
       .letter = 'e',
       .slug = "run-evidence",
       .title = "Durable run evidence, written once",
       .reads = {"M3.B", "M3.C", "M3.D"},
       .artifacts = {{"m3e_run_json_write_receipt.json",
                      {"platform_run_id", "scenario_run_id", "config_digest", "local_sha256",
                       "s3_etag", "readback_sha256", "write_once_guard_pass", "overall_pass",
                       "resolved_run_json_key"}},
                     {"m3e_run_header_write_receipt.json",
                      {"platform_run_id", "scenario_run_id", "config_digest", "local_sha256",
                       "s3_etag", "readback_sha256", "write_once_guard_pass", "overall_pass",
                       "resolved_run_header_key"}},
                     {"m3e_integrity_readback_receipts.json", {"execution_id", "receipts"}}},
       .checks = {"M3E-V1-INPUTS", "M3E-V2-KEY-RESOLVE", "M3E-V3-WRITE-ONCE-GUARD", "M3E-V4-UPLOAD",
                  "M3E-V5-READBACK", "M3E-V6-CONSISTENCY"},
       .blockers =
           {{"M3E-B1", Severity::k_s1, "M3-B5", "a PASS artifact of M3.B, M3.C or M3.D is missing"},
            {"M3E-B2", Severity::k_s2, "M3-B5", "a run evidence key cannot be resolved"},
            {"M3E-B3", Severity::k_s1, "M3-B5", "a run evidence key already holds other bytes"},
            {"M3E-B4", Severity::k_s2, "M3-B5", "a run evidence object could not be written"},
            {"M3E-B5", Severity::k_s1, "M3-B5",
             "the bytes read back differ from the bytes written"},
            {"M3E-B6", Severity::k_s1, "M3-B5",
             "run.json and the run header disagree on identity or digest"},
            {"M3E-B7", Severity::k_s1, "M3-B5", "secret material in run evidence"},
            {"M3E-B8", Severity::k_s1, "M3-B9", "an M3.E artifact is missing or lacks a field"}},
       .codes = {.local_write = "M3E-B4",
                 .publish = "M3E-B4",
                 .read_back = "M3E-B5",
                 .incomplete = "M3E-B8",
                 .secret = "M3E-B7",
                 .missing_upstream = "M3E-B1"},
       .publish_check = "M3E-V4-UPLOAD",
       .receipts_artifact = "m3e_integrity_readback_receipts.json",
       .always_runs = false,
       .writes_first = true},
      gather,
      judge};
  return k_lane;
}

}  // namespace runpin
