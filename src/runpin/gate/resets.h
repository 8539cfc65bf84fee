// Reset receipts and cost approvals: what people recorded so that a gate may read it. Each is one
// object under its own run-control prefix ("reset_<stamp>/reset_receipt.json",
// "approval_<stamp>/cost_approval.json"), written once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runpin/base/instant.h"
#include "runpin/gate/layout.h"
#include "runpin/ports/evidence_store.h"

namespace runpin {

struct RecordedReceipt {
  ExecutionId id;  // "reset_20260223T174307Z"
  ObjectKey key;
  Json body;  // as it stands in the store; null when it does not parse
};

inline constexpr std::string_view k_reset_name = "reset_receipt.json";
inline constexpr std::string_view k_approval_name = "cost_approval.json";

// Every receipt of that name that the store knows, by id. The store's error.
Result<std::vector<RecordedReceipt>> read_receipts(EvidenceStore& store, const Layout& layout,
                                                   std::string_view id_prefix,
                                                   std::string_view name);

// The law's fields of a reset: actor, timestamp, reason, class and scope, none empty. Names those
// that lack.
std::vector<std::string> missing_reset_fields(const Json& receipt);

// A whole receipt that answers the attempt that `answers` began.
bool permits_resume(const Json& receipt, const ExecutionId& answers);

}  // namespace runpin
