#include "runpin/gate/resets.h"

#include <fmt/format.h>

#include <algorithm>

#include "runpin/canon/digest.h"
#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "runpin/gate/contract.h"
#include "runpin/gate/secret_scan.h"

namespace runpin {
namespace {

constexpr std::string_view k_time_field = "recorded_at_utc";

bool says_something(const Json& value) {
  return value.text().find_first_not_of(" \t\r\n") != std::string::npos &&
         scan_secrets(value.text()).empty();
}

bool is_whole(const Json& receipt, const Instant& now) {
  return missing_reset_fields(receipt, now).empty() &&
         is_permitted_reset_class(receipt["class"].text());
}

}  // namespace

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
    receipts.push_back(
        {*id, key, body && body->is_object() ? *body : Json(), sha256((*object)->bytes)});
  }
  return receipts;
}

Result<RecordedReceipt> record_receipt(EvidenceStore& store, const Layout& layout,
                                       std::string_view id_prefix, std::string_view name,
                                       const Instant& instant,
                                       const std::function<Json(const ExecutionId&)>& body_of) {
  for (int suffix = 0; suffix <= k_max_stamp_suffix; ++suffix) {
    const ExecutionId id(std::string(id_prefix) + numbered_stamp(instant, suffix).str());
    RecordedReceipt receipt{id, layout.artifact_key(id, name), body_of(id), {}};
    const Bytes bytes = pretty(receipt.body);
    receipt.sha256 = sha256(bytes);
    if (const auto secrets = scan_secrets(bytes); !secrets.empty())
      return fail(
          ErrorKind::k_config,
          fmt::format("the receipt would hold secret material (rule {})", secrets.front().rule),
          receipt.key.str(), "leave the secret out, and rotate it if it is real");
    const auto put = store.create({receipt.key, bytes});
    // The same words in the same second are still a receipt of their own.
    const bool taken = put ? put->outcome == PutOutcome::k_already_there
                           : put.error().kind == ErrorKind::k_conflict;
    if (taken) continue;
    if (!put) return tl::unexpected(put.error());
    return receipt;
  }
  return fail(ErrorKind::k_conflict,
              fmt::format("every receipt id of {} is taken, _01 to _{}", instant.rfc3339(),
                          k_max_stamp_suffix),
              layout.root() + std::string(id_prefix) + instant.stamp(), "try again a second later");
}

std::vector<std::string> missing_reset_fields(const Json& receipt,
                                              const std::optional<Instant>& now) {
  std::vector<std::string> missing;
  for (const std::string_view field : {"actor", "recorded_at_utc", "reason", "class", "scope"}) {
    const auto recorded = Instant::parse_rfc3339(receipt[k_time_field].text());
    const bool timely = field != k_time_field || (recorded && (!now || *recorded <= *now));
    if (!timely || !says_something(receipt[field])) missing.emplace_back(field);
  }
  return missing;
}

bool is_permitted_reset_class(std::string_view name) {
  const auto& classes = permitted_reset_classes();
  return std::find(classes.begin(), classes.end(), name) != classes.end();
}

std::string reset_flaw(const Json& receipt, const Reservation& answers,
                       const std::optional<Instant>& now) {
  const auto missing = missing_reset_fields(receipt, now);
  if (!missing.empty()) return "it has no usable " + join(missing, ", ");
  if (!is_permitted_reset_class(receipt["class"].text())) return "its class is not permitted";
  if (receipt["answers_execution_id"].text() != answers.execution_id.str())
    return "it answers another attempt";
  if (*Instant::parse_rfc3339(receipt[k_time_field].text()) < answers.reserved_at)
    return fmt::format("it is older than the attempt ({})", answers.reserved_at.rfc3339());
  return "";
}

std::string adjudicator_of(const std::vector<RecordedReceipt>& receipts, const std::string& subject,
                           const Instant& now) {
  for (const RecordedReceipt& receipt : receipts) {
    const auto subjects = receipt.body["adjudicates"].strings();
    const bool named =
        subjects && std::find(subjects->begin(), subjects->end(), subject) != subjects->end();
    if (named && receipt.id.str() != subject && is_whole(receipt.body, now))
      return receipt.id.str();
  }
  return "";
}

}  // namespace runpin
