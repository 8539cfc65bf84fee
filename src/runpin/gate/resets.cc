#include "runpin/gate/resets.h"

#include <algorithm>

#include "runpin/canon/json_reader.h"
#include "runpin/gate/contract.h"

namespace runpin {

Result<std::vector<RecordedReceipt>> read_receipts(EvidenceStore& store, const Layout& layout,
                                                   std::string_view id_prefix,
                                                   std::string_view name) {
  const auto keys = store.list(layout.root() + std::string(id_prefix), 0);
  if (!keys) return tl::unexpected(keys.error());
  std::vector<RecordedReceipt> receipts;
  for (const ObjectKey& key : *keys) {
    const auto id = layout.execution_of(key);
    if (!id || layout.artifact_key(*id, name) != key) continue;
    const auto object = store.get(key);
    if (!object) return tl::unexpected(object.error());
    if (!*object)
      return fail(ErrorKind::k_not_found, "a receipt that was listed is gone", key.str());
    const auto body = read_json((*object)->bytes, key.str());
    receipts.push_back({*id, key, body ? *body : Json()});
  }
  return receipts;
}

std::vector<std::string> missing_reset_fields(const Json& receipt) {
  std::vector<std::string> missing;
  for (const char* field : {"actor", "recorded_at_utc", "reason", "class", "scope"})
    if (receipt[field].text().empty()) missing.push_back(field);
  return missing;
}

bool permits_resume(const Json& receipt, const ExecutionId& answers) {
  const auto& classes = permitted_reset_classes();
  return missing_reset_fields(receipt).empty() &&
         receipt["answers_execution_id"].text() == answers.str() &&
         std::find(classes.begin(), classes.end(), receipt["class"].text()) != classes.end();
}

}  // namespace runpin
