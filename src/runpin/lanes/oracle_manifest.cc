#include "runpin/lanes/oracle_manifest.h"

#include <fmt/format.h>

#include <algorithm>

#include "runpin/base/bytes.h"
#include "runpin/canon/digest.h"
#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "runpin/gate/facts.h"
#include "runpin/gate/secret_scan.h"
#include "runpin/lanes/shown_text.h"

namespace runpin {
namespace {

constexpr std::string_view k_outputs = "ORACLE_REQUIRED_OUTPUT_IDS";
constexpr std::string_view k_sort_keys = "ORACLE_SORT_KEY_BY_OUTPUT_ID";
constexpr std::string_view k_engine_run = "ORACLE_ENGINE_RUN_ID";
constexpr std::string_view k_namespace = "ORACLE_SOURCE_NAMESPACE";
constexpr std::string_view k_bucket = "ORACLE_STORE_BUCKET";
constexpr std::string_view k_prefix = "S3_ORACLE_INPUT_PREFIX_PATTERN";
constexpr std::string_view k_other_manifest =
    "point inputs.oracle_manifest in runpin.toml at the manifest of the pinned input";

// A field by which a manifest says what it is the manifest of, and the handle that pins it; no
// handle: the URI that runpin.toml gives.
struct Claim {
  const char* field;
  std::string_view handle;
};
constexpr Claim k_claims[] = {{"oracle_engine_run_id", k_engine_run},
                              {"engine_run_id", k_engine_run},
                              {"oracle_source_namespace", k_namespace},
                              {"source_namespace", k_namespace},
                              {"oracle_input_manifest_uri", ""},
                              {"manifest_uri", ""},
                              {"uri", ""}};

std::vector<std::string> required_outputs(const HandleFacts& handles) {
  return handles.value(k_outputs).strings().value_or(std::vector<std::string>{});
}

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// "output_id=parcels/part-0" has the word "parcels", and "old_parcels" has not.
bool has_word(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end])))
      return true;
  }
  return false;
}

bool mentions(const Json& json, const std::string& id) {
  if (has_word(json.text(), id)) return true;
  for (const auto& [key, value] : json.members())
    if (key == id || mentions(value, id)) return true;
  return std::any_of(json.items().begin(), json.items().end(),
                     [&](const Json& item) { return mentions(item, id); });
}

// The entries of the outputs by what each says it is, or by its name in a map.
std::vector<std::pair<std::string, const Json*>> entries_of(const Json& manifest) {
  std::vector<std::pair<std::string, const Json*>> entries;
  for (const Json& entry : manifest["outputs"].items())
    if (const std::string* id = entry["output_id"].if_string()) entries.emplace_back(*id, &entry);
  for (const auto& [id, entry] : manifest["outputs"].members()) entries.emplace_back(id, &entry);
  return entries;
}

bool names_output(const Json& manifest, const std::string& id) {
  if (const auto entries = entries_of(manifest); !entries.empty())
    return std::any_of(entries.begin(), entries.end(),
                       [&](const auto& entry) { return entry.first == id; });
  const Json* outputs = manifest.find("outputs");
  return mentions(outputs ? *outputs : manifest, id);
}

// A value as facts hold it: anything but a text by its kind alone.
Json told(const Json& value) {
  if (const std::string* text = value.if_string()) return shown_text(*text);
  return object({{"type", value.is_null()     ? "null"
                          : value.is_array()  ? "array"
                          : value.is_object() ? "object"
                          : value.if_bool()   ? "boolean"
                                              : "number"}});
}

// The first sort key of each required output that is not the pinned one, or just the pinned one.
Json sort_keys_of(const Json& manifest, const HandleFacts& handles) {
  Json keys = Json::Object{};
  const auto required = required_outputs(handles);
  for (const auto& [id, entry] : entries_of(manifest)) {
    const Json* key = entry->find("sort_key");
    if (!key || std::find(required.begin(), required.end(), id) == required.end()) continue;
    const bool is_first = keys.find(id) == nullptr;
    if (is_first || *key != handles.value(k_sort_keys)[id]) keys.set(id, told(*key));
  }
  return keys;
}

// "s3://BUCKET/PREFIX/" as the registry pins it; "" where it does not.
std::string pinned_root(const HandleFacts& handles) {
  if (handles.text(k_bucket).empty()) return "";
  std::string prefix = handles.text(k_prefix);
  prefix = replace_all(prefix, "{oracle_source_namespace}", handles.text(k_namespace));
  prefix = replace_all(prefix, "{oracle_engine_run_id}", handles.text(k_engine_run));
  if (!prefix.empty() && !prefix.ends_with('/')) prefix += '/';
  return "s3://" + handles.text(k_bucket) + "/" + prefix;
}

std::optional<Explanation> shape_flaw(const Json& manifest, const HandleFacts& handles) {
  const Json& says = manifest["says"];
  const std::string& path = manifest["path"].text();
  if (says["type"].text() != "object" || says["members"].integer() == 0)
    return Explanation{"the oracle manifest says nothing", "a JSON object that names the outputs",
                       says["type"].text() == "object" ? "an empty object" : says["type"].text(),
                       path, std::string(k_other_manifest)};
  const auto named = says["named_outputs"].strings().value_or(std::vector<std::string>{});
  std::vector<std::string> missing;
  for (const std::string& id : required_outputs(handles))
    if (std::find(named.begin(), named.end(), id) == named.end()) missing.push_back(id);
  if (missing.empty()) return {};
  return Explanation{"the oracle manifest does not name every required output",
                     "every output of " + std::string(k_outputs),
                     "not named: " + join(missing, ", "), path, std::string(k_other_manifest)};
}

std::optional<Explanation> claim_flaw(const Json& manifest, const HandleFacts& handles) {
  const Json& claims = manifest["says"]["claims"];
  for (const auto& [field, handle] : k_claims) {
    const Json* claim = claims.find(field);
    if (!claim || (!handle.empty() && !handles.resolved(handle))) continue;
    const Json pinned = handle.empty() ? told(manifest["uri"]) : told(handles.value(handle));
    if (*claim != pinned)
      return Explanation{"the oracle manifest is of another input than the pinned one",
                         fmt::format("{} {}, as {} says", field, canonical(pinned),
                                     handle.empty() ? "inputs.oracle_manifest.uri" : handle),
                         fmt::format("{} {}", field, canonical(*claim)), manifest["path"].text(),
                         std::string(k_other_manifest)};
  }
  for (const auto& [id, key] : manifest["says"]["sort_keys"].members()) {
    const Json pinned = told(handles.value(k_sort_keys)[id]);
    if (key != pinned)
      return Explanation{
          "the oracle manifest has another sort key than the pinned one",
          fmt::format("{} sorted by {}, as {} says", id, canonical(pinned), k_sort_keys),
          fmt::format("sorted by {}", canonical(key)), manifest["path"].text(),
          std::string(k_other_manifest)};
  }
  return {};
}

std::optional<Explanation> uri_flaw(const Json& manifest, const HandleFacts& handles) {
  const std::string root = pinned_root(handles);
  const std::string& uri = manifest["uri"].text();
  if (root.empty() || (uri.size() > root.size() && uri.starts_with(root))) return {};
  return Explanation{
      "the oracle manifest's URI lies outside the pinned oracle input",
      root + "…, as " + std::string(k_bucket) + " and " + std::string(k_prefix) + " say",
      shown_text(uri), manifest["where"].text(),
      "write the manifest's real URI into inputs.oracle_manifest.uri"};
}

}  // namespace

std::vector<std::string> manifest_handles() {
  std::vector<std::string> handles;
  for (const auto& key : {k_bucket, k_engine_run, k_outputs, k_sort_keys, k_namespace, k_prefix})
    handles.emplace_back(key);
  return handles;
}

Json manifest_says(const Json& manifest, const HandleFacts& handles) {
  std::vector<std::string> named;
  for (const std::string& id : required_outputs(handles))
    if (names_output(manifest, id)) named.push_back(id);
  Json claims = Json::Object{};
  for (const Claim& claim : k_claims)
    if (const Json* value = manifest.find(claim.field)) claims.set(claim.field, told(*value));
  return object({{"type", manifest.if_string() ? Json("text") : told(manifest)["type"]},
                 {"members", manifest.members().size()},
                 {"named_outputs", Json(named)},
                 {"claims", claims},
                 {"sort_keys", sort_keys_of(manifest, handles)}});
}

Json gather_manifest(World& world, const HandleFacts& handles) {
  const ManifestSetting& setting = world.workspace().oracle_manifest;
  if (!setting.file && !setting.uri.value.starts_with("s3://"))
    return fact_of(Error{ErrorKind::k_config,
                         "inputs.oracle_manifest names no file, and its uri is none of S3",
                         setting.uri.where, "add file = \"PATH\" to it"});
  const std::string& path = setting.file ? setting.file->value : setting.uri.value;
  const Result<Bytes> bytes = world.documents().read(path);
  if (!bytes) return fact_of(bytes.error());
  if (bytes->size() > k_max_manifest_bytes)
    return fact_of(
        Error{ErrorKind::k_malformed,
              fmt::format("the manifest is larger than {} MiB", k_max_manifest_bytes >> 20), path,
              "list the input's parts by folder, so that the manifest is smaller"});
  const auto json = read_json(*bytes, path);
  if (!json) return fact_of(json.error());
  Json secrets = Json::Array{};
  for (const SecretFinding& finding : scan_secrets(*bytes))
    secrets.push(object({{"rule", finding.rule}, {"where", where(path, finding.position)}}));
  return fact_of(object({{"uri", setting.uri.value},
                         {"where", setting.uri.where},
                         {"path", path},
                         {"sha256", sha256(*bytes).str()},
                         {"secrets", secrets},
                         {"says", manifest_says(*json, handles)}}));
}

std::optional<Explanation> manifest_flaw(const Json& manifest, const HandleFacts& handles) {
  for (const auto& find : {shape_flaw, claim_flaw, uri_flaw})
    if (auto flaw = find(manifest, handles)) return flaw;
  return {};
}

}  // namespace runpin
