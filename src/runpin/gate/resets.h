// Reset receipts and cost approvals: what people recorded so that a gate may read it. Each is one
// object under its own run-control prefix ("reset_<stamp>/reset_receipt.json",
// "approval_<stamp>/cost_approval.json"), written once.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "runpin/base/instant.h"
#include "runpin/gate/reservation.h"
#include "runpin/ports/evidence_store.h"

namespace runpin {

struct RecordedReceipt {
  ExecutionId id;  // "reset_20260223T174307Z"
  ObjectKey key;
  Json body;  // as it stands in the store; null when it is no JSON object
  Sha256 sha256;
};

inline constexpr std::string_view k_reset_prefix = "reset_";
inline constexpr std::string_view k_reset_name = "reset_receipt.json";
inline constexpr std::string_view k_approval_prefix = "approval_";
inline constexpr std::string_view k_approval_name = "cost_approval.json";
inline constexpr std::string_view k_reset_command =
    "runpin reset record --class C --actor A --reason R --scope S";

// Every receipt of that name that the store knows, by id. The store's error.
Result<std::vector<RecordedReceipt>> read_receipts(EvidenceStore& store, const Layout& layout,
                                                   std::string_view id_prefix,
                                                   std::string_view name);

// Writes a receipt under the first free id of `instant`, "<id_prefix><stamp>", where taken with
// "_01" to "_99" behind it; `body_of` gives what to write under an id. k_config when that holds
// secret material; k_conflict when all ids are taken; otherwise the store's error.
Result<RecordedReceipt> record_receipt(EvidenceStore& store, const Layout& layout,
                                       std::string_view id_prefix, std::string_view name,
                                       const Instant& instant,
                                       const std::function<Json(const ExecutionId&)>& body_of);

// The law's fields of a reset: actor, timestamp, reason, class and scope. Names those that are
// absent, blank, no text, hold secret material, or are no instant in UTC, or one after
// `now`, the run's own, where that is given.
std::vector<std::string> missing_reset_fields(const Json& receipt,
                                              const std::optional<Instant>& now);
bool is_permitted_reset_class(std::string_view name);

// Why `receipt` does not permit to go on from the attempt `answers`; "" when it does: it is whole,
// of a permitted class, answers that attempt by its first execution id, and is not older than it.
std::string reset_flaw(const Json& receipt, const Reservation& answers,
                       const std::optional<Instant>& now = std::nullopt);

// Which receipt adjudicates `subject`, a flawed receipt's id or an attempt's stamp: a whole one of
// a permitted class whose `adjudicates` names it. "" when none does.
std::string adjudicator_of(const std::vector<RecordedReceipt>& receipts, const std::string& subject,
                           const Instant& now);

}  // namespace runpin
