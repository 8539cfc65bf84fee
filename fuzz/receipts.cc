// Reset receipts, cost approvals and probe receipts. Objects are named by their keys below the
// run-control root.
#include <algorithm>

#include "fuzz/layout.h"
#include "fuzz/objects.h"
#include "fuzz/property.h"
#include "runpin/canon/json_writer.h"
#include "runpin/gate/resets.h"
#include "runpin/gate/secret_scan.h"
#include "runpin/gate/store_probe.h"

namespace runpin::fuzz {
namespace {

Reservation attempt() {
  Reservation attempt;
  attempt.execution_id = ExecutionId("m3a_20260223T174307Z");
  attempt.reserved_at = *Instant::parse_rfc3339("2026-02-23T17:43:07Z");
  attempt.nonce = "n";
  return attempt;
}

void examine_receipt(const RecordedReceipt& receipt, const Instant& now) {
  must(receipt.body.is_null() || receipt.body.is_object(), "a body is an object, or unknown");
  const auto missing = missing_reset_fields(receipt.body, now);
  const std::string flaw = reset_flaw(receipt.body, attempt(), now);
  must(scan_secrets(flaw).empty(), "a flaw holds no secret");
  if (!flaw.empty()) return;
  must(missing.empty(), "only a whole receipt lets a run go on");
  const Json::Object& body = receipt.body.members();
  must(std::any_of(
           body.begin(), body.end(),
           [](const auto& member) { return is_permitted_reset_class(member.second.text()); }),
       "only a permitted class lets a run go on");
  must(canonical(receipt.body).find(attempt().execution_id.str()) != std::string::npos,
       "only a receipt that answers the attempt lets it go on");
}

}  // namespace

void examine(std::string_view input) {
  testing::MemoryStore store;
  fill(store, named_texts(input), layout().root());
  const Instant now = *Instant::parse_rfc3339("2026-03-01T00:00:00Z");
  const auto resets = read_receipts(store, layout(), k_reset_prefix, k_reset_name);
  if (resets) {
    for (const RecordedReceipt& receipt : *resets) examine_receipt(receipt, now);
    const std::string by = adjudicator_of(*resets, attempt().stamp().str(), now);
    must(by.empty() || std::any_of(resets->begin(), resets->end(),
                                   [&](const auto& receipt) { return receipt.id.str() == by; }),
         "who adjudicates is on record");
  }
  (void)read_receipts(store, layout(), k_approval_prefix, k_approval_name);
  (void)newest_probe(store, layout());
}

}  // namespace runpin::fuzz
