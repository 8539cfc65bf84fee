#include "runpin/lanes/version_scan.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "runpin/gate/facts.h"
#include "runpin/gate/resets.h"

namespace runpin {
namespace {

std::vector<std::string> prefixes_of(const Layout& layout, const Upstream& up,
                                     const std::string& run_root) {
  std::vector<std::string> prefixes{run_root};
  for (const ExecutionId& id : up.executions) prefixes.push_back(layout.execution_prefix(id));
  return prefixes;
}

std::set<std::string> committed_keys(const Upstream& up, const std::string& run_root) {
  std::set<std::string> keys{run_root + std::string(k_claim_name)};
  for (const auto& [name, lane] : up.lanes) {
    if (lane.summary.is_null()) continue;
    keys.insert(lane.summary_key);
    for (const Json& entry : lane.summary["artifacts"].items()) {
      keys.insert(entry["durable_key"].text());
      for (const Json& copy : entry["copies"].items()) keys.insert(copy.text());
    }
  }
  const Json& run = up.artifact("M3.E", "m3e_run_json_write_receipt.json");
  const Json& header = up.artifact("M3.E", "m3e_run_header_write_receipt.json");
  for (const Json* key : {&run["resolved_run_json_key"], &header["resolved_run_header_key"]})
    if (key->if_string()) keys.insert(key->text());
  return keys;
}

}  // namespace

Json gather_versions(World& world, const Layout& layout, const Upstream& up,
                     const std::string& run_root) {
  const std::vector<std::string> prefixes = prefixes_of(layout, up, run_root);
  std::vector<Result<std::vector<ObjectVersion>>> listings(prefixes.size());
  std::vector<std::function<void(World&)>> calls;
  for (std::size_t i = 0; i < prefixes.size(); ++i)
    calls.push_back([&, i](World& w) { listings[i] = w.store().list_versions(prefixes[i]); });
  world.at_once(calls);
  std::map<std::string, int> versions_by_key;
  Json delete_markers = Json::Array{}, rewritten = Json::Array{}, missing = Json::Array{};
  for (const auto& versions : listings) {
    if (!versions) return fact_of(versions.error());
    for (const ObjectVersion& version : *versions) {
      if (version.is_delete_marker)
        delete_markers.push(version.key.str());
      else
        ++versions_by_key[version.key.str()];
    }
  }
  for (const auto& [key, count] : versions_by_key)
    if (count > 1) rewritten.push(key);
  for (const std::string& key : committed_keys(up, run_root))
    if (!versions_by_key.contains(key)) missing.push(key);
  return fact_of(object({{"objects_scanned", versions_by_key.size()},
                         {"delete_markers", delete_markers},
                         {"rewritten_keys", rewritten},
                         {"missing_keys", missing}}));
}

void judge_versions(const Json& versions, std::string_view code, Blockers& blockers) {
  const Fact fact(versions);
  if (fact.failed()) {
    blockers.raise(
        code, {"the run's object versions cannot be read, so nothing shows that evidence is whole",
               "a list of every version", fact.failure(), fact.error["where"].text(),
               fmt::format("bring the evidence store back, then {}, then runpin resume",
                           k_reset_command)});
    return;
  }
  struct Mutation {
    const char* field;
    const char* what;
    const char* found;
  };
  for (const auto& [field, what, found] :
       {Mutation{"delete_markers", "was deleted", "a delete marker"},
        {"rewritten_keys", "was rewritten", "a second version"},
        {"missing_keys", "is gone", "no object"}})
    for (const Json& key : fact.value[field].items())
      blockers.raise(
          code, {fmt::format("committed evidence {}", what), "one version, no delete marker", found,
                 key.text(), "runpin run: committed evidence is never mended in place"});
}

}  // namespace runpin
