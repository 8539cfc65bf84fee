#include "runpin/lanes/m2_receipt.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "runpin/canon/digest.h"
#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "runpin/gate/facts.h"
#include "runpin/lanes/shown_text.h"

namespace runpin {
namespace {

// What a closed M2 says in the fields that say whether it is closed; any of the values will do. A
// receipt need not have them, except the first; a list or object counts as receipt_fact() has it.
struct ReceiptField {
  const char* name;
  std::vector<Json> closed;
};
const std::vector<ReceiptField>& receipt_fields() {
  static const Json k_no_items = object({{"type", "array"}, {"size", 0}});
  static const std::vector<ReceiptField> k_fields{{"m3_entry_ready", {true}},
                                                  {"verdict", {"ADVANCE_TO_M3"}},
                                                  {"overall_pass", {true}},
                                                  {"blocker_count", {0}},
                                                  {"blockers", {k_no_items, 0}},
                                                  {"unresolved_blocker_count", {0}},
                                                  {"unresolved_blockers", {k_no_items, 0}},
                                                  {"hold_class", {nullptr}},
                                                  {"next_gate", {"M3_READY", "M2_DONE_M3_READY"}},
                                                  {"phase", {"M2", "M2.J"}},
                                                  {"phase_id", {"P0"}},
                                                  {"lane", {"M2.J"}}};
  return k_fields;
}
constexpr const char* k_receipt_times[] = {"started_at_utc", "ended_at_utc", "generated_at_utc",
                                           "captured_at_utc", "recorded_at_utc"};

// A field as facts hold it: a list, an object or an endless number by its type and size alone.
Json receipt_fact(const Json& value) {
  constexpr std::size_t k_longest_number = 40;
  const auto sized = [](const char* type, std::size_t size) {
    return object({{"type", type}, {"size", size}});
  };
  if (const std::string* text = value.if_string()) return shown_text(*text);
  if (value.is_array()) return sized("array", value.items().size());
  if (value.is_object()) return sized("object", value.members().size());
  const JsonNumber* number = value.if_number();
  return number && number->text.size() > k_longest_number ? sized("number", number->text.size())
                                                          : value;
}

std::string told(std::string_view field, const Json& value) {
  return fmt::format("{} {}", field, canonical(value));
}

ReceiptFlaw field_flaw(const Json& says) {
  for (const auto& [name, closed] : receipt_fields()) {
    const Json* value = says.find(name);
    if (!value || std::find(closed.begin(), closed.end(), *value) != closed.end()) continue;
    return {told(name, closed.front()), told(name, *value)};
  }
  return {};
}

// "m2j_20260223T061612Z", also with a suffix "_01"; its stamp's instant.
std::optional<Instant> closing_execution(std::string_view id) {
  constexpr std::string_view k_prefix = "m2j_";
  constexpr std::size_t k_stamp = 16;
  if (!id.starts_with(k_prefix)) return {};
  const std::string_view suffix = id.substr(std::min(id.size(), k_prefix.size() + k_stamp));
  const bool sound =
      suffix.empty() || (suffix.size() == 3 && suffix[0] == '_' &&
                         suffix.find_first_not_of("0123456789", 1) == std::string_view::npos);
  const auto at = Instant::parse_stamp(id.substr(k_prefix.size(), k_stamp));
  return sound && at ? std::optional(*at) : std::nullopt;
}

// M2 was closed by its last lane, in the past.
ReceiptFlaw time_flaw(const Json& says, const Instant& now) {
  if (const Json* id = says.find("execution_id")) {
    const auto at = closing_execution(id->text());
    if (!at || *at > now)
      return {"execution_id m2j_ and a stamp up to " + now.stamp(), told("execution_id", *id)};
  }
  for (const char* field : k_receipt_times) {
    const Json* time = says.find(field);
    if (!time) continue;
    const auto at = Instant::parse_rfc3339(time->text());
    if (!at || *at > now)
      return {fmt::format("{} an instant in UTC up to {}", field, now.rfc3339()),
              told(field, *time)};
  }
  const auto started = Instant::parse_rfc3339(says["started_at_utc"].text());
  const auto ended = Instant::parse_rfc3339(says["ended_at_utc"].text());
  if (started && ended && *ended < *started)
    return {"ended_at_utc not before " + started->rfc3339(),
            told("ended_at_utc", says["ended_at_utc"])};
  return {};
}

}  // namespace

Json m2_receipt_says(const Json& receipt) {
  std::vector<std::string> known{"execution_id"};
  for (const ReceiptField& field : receipt_fields()) known.emplace_back(field.name);
  known.insert(known.end(), std::begin(k_receipt_times), std::end(k_receipt_times));
  Json said = Json::Object{};
  for (const std::string& field : known)
    if (const Json* value = receipt.find(field)) said.set(field, receipt_fact(*value));
  return said;
}

ReceiptFlaw m2_receipt_flaw(const Json& says, const Instant& now) {
  if (!says.find("m3_entry_ready")) return {"m3_entry_ready true", "no field m3_entry_ready"};
  const ReceiptFlaw flaw = field_flaw(says);
  return flaw.found.empty() ? time_flaw(says, now) : flaw;
}

void judge_m2_receipt(const Json& fact, const Instant& now, Blockers& blockers) {
  const Fact receipt(fact);
  constexpr std::string_view k_fix = "point inputs.m2_receipt at the receipt of a closed M2 run";
  if (receipt.failed()) {
    blockers.raise("M3A-B3", {"the M2 hand-off receipt cannot be read",
                              "a readable JSON receipt that says m3_entry_ready: true",
                              receipt.error["message"].text(), receipt.error["where"].text(),
                              std::string(k_fix)});
    return;
  }
  const ReceiptFlaw flaw = m2_receipt_flaw(receipt.value["says"], now);
  if (!flaw.found.empty())
    blockers.raise("M3A-B3",
                   {"the M2 hand-off receipt does not say that M3 may start", flaw.expected,
                    flaw.found, receipt.value["path"].text(), std::string(k_fix)});
}

Json gather_m2_receipt(World& world) {
  const std::string& path = world.workspace().m2_receipt.value;
  const Result<Bytes> bytes = world.documents().read(path);
  if (!bytes) return fact_of(bytes.error());
  const Result<Json> receipt = read_json(*bytes, path);
  if (!receipt) return fact_of(receipt.error());
  return fact_of(object(
      {{"path", path}, {"sha256", sha256(*bytes).str()}, {"says", m2_receipt_says(*receipt)}}));
}

}  // namespace runpin
