// The M2 hand-off receipt.
#include "runpin/lanes/m2_receipt.h"

#include "fuzz/property.h"
#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "runpin/gate/secret_scan.h"

namespace runpin::fuzz {

void examine(std::string_view input) {
  const auto receipt = read_json(input, "receipt.json");
  if (!receipt) return;
  const Json says = m2_receipt_says(*receipt);
  must(scan_secrets(pretty(says)).empty(), "what is taken from a receipt holds no secret");
  const Instant now = *Instant::parse_rfc3339("2026-02-23T17:43:07Z");
  const ReceiptFlaw flaw = m2_receipt_flaw(says, now);
  must(flaw.expected.empty() == flaw.found.empty(), "a flaw says what was expected and found");
  if (!flaw.found.empty()) return;
  must((*receipt)["m3_entry_ready"].is_true(), "M3 may start only where the receipt says so");
  must(m2_receipt_flaw(says, *Instant::parse_rfc3339("2027-01-01T00:00:00Z")).found.empty(),
       "a closed M2 stays closed");
}

}  // namespace runpin::fuzz
