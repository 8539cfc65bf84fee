#include "runpin/verify/inventory.h"

#include <fmt/format.h>

namespace runpin {
namespace {

void check_versions(const ObjectKey& key, EvidenceSnapshot& evidence, EvidenceFindings& findings) {
  std::size_t versions = 0;
  const auto all = evidence.list_versions(key.str());
  for (const ObjectVersion& version : *all) {
    if (version.key != key) continue;
    if (version.is_delete_marker)
      findings.add({"deleted", "evidence was deleted", "no delete marker",
                    "delete marker " + version.version_id, key.str()});
    else
      ++versions;
  }
  if (versions > 1)
    findings.add({"rewritten", "evidence was rewritten", "one version",
                  fmt::format("{} versions", versions), key.str()});
}

// Whatever a check may have passed over: evidence that does not read is never verified.
void check_readable(const std::string& key, EvidenceSnapshot& evidence,
                    EvidenceFindings& findings) {
  if (key.empty() || findings.names(key)) return;
  const auto object = evidence.get(ObjectKey(key));
  if (!object)
    findings.add(object.error(), key);
  else if (!*object)
    findings.add(
        {"missing", "an object that the evidence names is gone", "one object", "no object", key});
}

}  // namespace

void check_inventory(const Inventory& inventory, EvidenceSnapshot& evidence,
                     EvidenceFindings& findings) {
  std::set<std::string> keys(inventory.explained);
  for (const std::string& prefix : inventory.prefixes)
    for (const ObjectKey& key : evidence.keys_under(prefix)) keys.insert(key.str());
  for (const std::string& key : keys) {
    if (evidence.is_listed(ObjectKey(key))) check_versions(ObjectKey(key), evidence, findings);
    if (inventory.explained.contains(key)) {
      check_readable(key, evidence, findings);
      continue;
    }
    if (inventory.leftovers.contains(key)) {
      check_readable(key, evidence, findings);
      findings.note("left by an attempt that was stopped before it committed; no evidence", key);
      continue;
    }
    findings.add({"unexplained", "an object that nothing of this run explains",
                  "only what the run's evidence names", "one more object", key});
  }
}

}  // namespace runpin
