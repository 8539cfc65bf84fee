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

constexpr std::string_view k_of_closed_run =
    "point inputs.m2_receipt at the receipt of a closed M2 run";
constexpr std::string_view k_of_this_phase =
    "point inputs.m2_receipt at the receipt of a closed M2 run: this one is of another lane or "
    "phase";
constexpr std::string_view k_right_times =
    "correct the clock that it was written by and let M2 write it again, or point "
    "inputs.m2_receipt at the receipt of a closed M2 run";

// What a closed M2 says in the fields that say whether it is closed; any of the values will do. A
// receipt need not have them, except the first; a list or object counts as receipt_fact() has it.
struct ReceiptField {
  const char* name;
  std::vector<Json> closed;
  std::string_view fix = k_of_closed_run;
  bool at_any_depth = false;  // parts of a closed M2 cannot say otherwise either
};
const std::vector<ReceiptField>& receipt_fields() {
  static const Json k_no_items = object({{"type", "array"}, {"size", 0}});
  static const std::vector<Json> k_done{
      true,        "PASS", "PASSED",  "GREEN",     "READY",   "CLOSED",   "COMPLETE",
      "COMPLETED", "DONE", "SUCCESS", "SUCCEEDED", "ADVANCE", "M3_READY", "ADVANCE_TO_M3"};
  static const std::vector<ReceiptField> k_fields{
      {"m3_entry_ready", {true}, k_of_closed_run, true},
      {"verdict", {"ADVANCE_TO_M3"}},
      {"m2_verdict", {"ADVANCE_TO_M3"}},
      {"phase_verdict", {"ADVANCE_TO_M3"}},
      {"overall_pass", {true}, k_of_closed_run, true},
      {"final_verdict", {"ADVANCE_TO_M3"}},
      {"entry_ready", {true}},
      {"m2_overall_pass", {true}},
      {"blocker_count", {0}, k_of_closed_run, true},
      {"blockers", {k_no_items, 0}, k_of_closed_run, true},
      {"open_blockers", {k_no_items, 0}, k_of_closed_run, true},
      {"unresolved_blocker_count", {0}, k_of_closed_run, true},
      {"unresolved_blockers", {k_no_items, 0}, k_of_closed_run, true},
      {"unresolved_count", {0}, k_of_closed_run, true},
      {"hold_class", {nullptr}, k_of_closed_run, true},
      {"next_gate", {"M3_READY", "M2_DONE_M3_READY"}},
      {"status", k_done},
      {"state", k_done},
      {"result", k_done},
      {"outcome", k_done},
      {"decision", k_done},
      {"pass", {true}},
      {"passed", {true}},
      {"ready", {true}},
      {"success", {true}},
      {"failed", {false, 0}},
      {"revoked", {false}},
      {"invalid", {false}},
      {"expired", {false}},
      {"withdrawn", {false}},
      {"cancelled", {false}},
      {"canceled", {false}},
      {"aborted", {false}},
      {"rejected", {false}},
      {"blocked", {false}},
      {"void", {false}},
      {"draft", {false}},
      {"valid", {true}},
      {"is_valid", {true}},
      {"dry_run", {false}},
      {"is_dry_run", {false}},
      {"superseded", {false}},
      {"superseded_by", {nullptr}},
      {"phase", {"M2", "M2.J"}, k_of_this_phase},
      {"phase_id", {"P0"}, k_of_this_phase},
      {"lane", {"M2.J"}, k_of_this_phase},
      {"next_phase", {"M3", "P1"}, k_of_this_phase}};
  return k_fields;
}
constexpr const char* k_receipt_times[] = {"started_at_utc",  "ended_at_utc",    "generated_at_utc",
                                           "captured_at_utc", "recorded_at_utc", "written_at_utc",
                                           "closed_at_utc"};
constexpr const char* k_execution = "execution_id";
constexpr const char* k_parts = "parts";  // of the facts: what parts of the receipt say otherwise
constexpr std::size_t k_most_parts = 20;

// "M3-Entry_ready" and "m3EntryReady" say the same to a reader.
std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name)
    if (c != '_' && c != '-' && c != '.' && c != ' ')
      plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return plain;
}

const ReceiptField* field_called(std::string_view name) {
  const std::string plain = plain_name(name);
  for (const ReceiptField& field : receipt_fields())
    if (plain_name(field.name) == plain) return &field;
  return nullptr;
}

bool is_time_or_execution(std::string_view name) {
  const std::string plain = plain_name(name);
  return plain == plain_name(k_execution) ||
         std::any_of(std::begin(k_receipt_times), std::end(k_receipt_times),
                     [&](const char* time) { return plain_name(time) == plain; });
}

// "m4_entry_ready" is what another phase's receipt says.
bool is_other_phases(std::string_view name) {
  const std::string plain = plain_name(name);
  return plain.ends_with("entryready") && plain != "m3entryready" && plain != "m2entryready" &&
         plain.starts_with('m');
}

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

bool is_closed(const ReceiptField& field, const Json& value) {
  return std::find(field.closed.begin(), field.closed.end(), value) != field.closed.end();
}

// "HOLD_M2", "no-go", "Failed": a refusal, in whatever field of a part it stands that tells an
// outcome.
bool says_no(const Json& value) {
  constexpr std::string_view k_refusals[] = {
      "hold",    "held",      "nogo",   "fail",    "block",    "reject",
      "cancel",  "abort",     "revoke", "error",   "notready", "notgreen",
      "notpass", "notclosed", "donot",  "invalid", "stop",     "denied"};
  const std::string plain = plain_name(value.text());
  return plain == "red" || plain == "no" ||
         std::any_of(std::begin(k_refusals), std::end(k_refusals),
                     [&](std::string_view refusal) { return plain.starts_with(refusal); });
}

// Whether a part's field says otherwise: where it is true or false, or a count, every value but
// those of a closed M2 does.
bool contradicts(const ReceiptField& field, const Json& value) {
  const bool has_flag = std::any_of(field.closed.begin(), field.closed.end(),
                                    [](const Json& closed) { return closed.if_bool() != nullptr; });
  const bool has_count =
      std::any_of(field.closed.begin(), field.closed.end(),
                  [](const Json& closed) { return closed.if_number() != nullptr; });
  const bool is_exact =
      field.at_any_depth || (has_flag && value.if_bool()) || (has_count && value.if_number());
  return is_exact ? !is_closed(field, receipt_fact(value)) : says_no(value);
}

// "m2_status", "overallVerdict", "ready_for_m3": a field of another name that tells an outcome, and
// not a good one.
bool tells_refusal(std::string_view name, const Json& value) {
  const std::string plain = plain_name(name);
  for (const std::string_view word : {"verdict", "status", "outcome", "decision", "gonogo"})
    if (plain.find(word) != std::string::npos && says_no(value)) return true;
  const bool tells_ready = (plain.starts_with("ready") || plain.ends_with("ready")) &&
                           plain != "already" && !is_other_phases(name);
  return tells_ready && value.if_bool() && !value.is_true();
}

// Adds what parts of the receipt, at any depth, say against its being closed.
void find_parts(const Json& json, const std::string& path, Json& parts) {
  const auto look_at = [&](const std::string& name, const Json& value) {
    const std::string at = path + "/" + name;
    const ReceiptField* field = field_called(name);
    const bool refuses =
        field ? !path.empty() && contradicts(*field, value) : tells_refusal(name, value);
    if (refuses && parts.items().size() < k_most_parts)
      parts.push(object({{"field", field ? Json(field->name) : Json()},
                         {"at", shown_text(at)},
                         {"value", receipt_fact(value)}}));
    find_parts(value, at, parts);
  };
  for (const auto& [name, value] : json.members()) look_at(name, value);
  for (std::size_t i = 0; i < json.items().size(); ++i) look_at(std::to_string(i), json.items()[i]);
}

ReceiptFlaw field_flaw(const Json& says) {
  for (const ReceiptField& field : receipt_fields())
    for (const auto& [name, value] : says.members()) {
      if (field_called(name) != &field || is_closed(field, value)) continue;
      return {told(field.name, field.closed.front()), told(name, value), std::string(field.fix)};
    }
  for (const auto& [name, value] : says.members())
    if (is_other_phases(name))
      return {"m3_entry_ready alone", told(name, value), std::string(k_of_this_phase)};
  for (const Json& part : says[k_parts].items()) {
    const ReceiptField* field = field_called(part["field"].text());
    const bool everywhere = field && field->at_any_depth;
    return {everywhere ? told(field->name, field->closed.front()) + " in every part"
                       : "no part that says otherwise",
            told(part["at"].text(), part["value"]), std::string(k_of_closed_run)};
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

ReceiptFlaw wrong_time(std::string expected, std::string_view field, const Json& value) {
  return {std::move(expected), told(field, value), std::string(k_right_times)};
}

// M2 was closed by its last lane, in the past, and its times follow one another.
ReceiptFlaw time_flaw(const Json& says, const Instant& now) {
  std::optional<Instant> stamp, started;
  for (const auto& [name, value] : says.members()) {
    if (plain_name(name) == plain_name(k_execution)) {
      stamp = closing_execution(value.text());
      if (!stamp)
        return {"execution_id m2j_ and a stamp", told(name, value), std::string(k_of_this_phase)};
      if (*stamp > now)
        return wrong_time("execution_id m2j_ and a stamp up to " + now.stamp(), name, value);
    } else if (plain_name(name) == plain_name("started_at_utc")) {
      const auto at = Instant::parse_rfc3339(value.text());
      if (at) started = *at;
    }
  }
  for (const auto& [name, value] : says.members()) {
    if (!is_time_or_execution(name) || plain_name(name) == plain_name(k_execution)) continue;
    const auto at = Instant::parse_rfc3339(value.text());
    if (!at || *at > now)
      return wrong_time(fmt::format("{} an instant in UTC up to {}", name, now.rfc3339()), name,
                        value);
    if (started && *at < *started)
      return wrong_time(fmt::format("{} not before {}", name, started->rfc3339()), name, value);
    if (stamp && *at < *stamp && plain_name(name) != plain_name("started_at_utc"))
      return wrong_time(fmt::format("{} not before execution_id's {}", name, stamp->stamp()), name,
                        value);
  }
  return {};
}

}  // namespace

Json m2_receipt_says(const Json& receipt) {
  Json said = Json::Object{};
  for (const auto& [name, value] : receipt.members())
    if (field_called(name) || is_time_or_execution(name) || is_other_phases(name))
      said.set(name, receipt_fact(value));
  Json parts = Json::Array{};
  find_parts(receipt, "", parts);
  if (!parts.items().empty()) said.set(k_parts, parts);
  return said;
}

ReceiptFlaw m2_receipt_flaw(const Json& says, const Instant& now) {
  if (!says.find("m3_entry_ready"))
    return {"m3_entry_ready true", "no field m3_entry_ready", std::string(k_of_closed_run)};
  const ReceiptFlaw flaw = field_flaw(says);
  return flaw.found.empty() ? time_flaw(says, now) : flaw;
}

namespace {

// What helps when the receipt cannot be read depends on why.
std::string read_fix(const Fact& receipt) {
  const std::string closed_run(k_of_closed_run);
  if (receipt.kind() == name_of(ErrorKind::k_not_found))
    return "put M2's receipt there, or " + closed_run;
  if (receipt.kind() == name_of(ErrorKind::k_malformed))
    return "copy the receipt again, whole and as M2 wrote it, or " + closed_run;
  if (receipt.kind() == name_of(ErrorKind::k_denied))
    return "give yourself read permission on the file, or " + closed_run;
  return receipt.fix_or(closed_run);
}

}  // namespace

void judge_m2_receipt(const Json& fact, const Instant& now, Blockers& blockers) {
  const Fact receipt(fact);
  if (receipt.failed()) {
    blockers.raise("M3A-B3", {"the M2 hand-off receipt cannot be read",
                              "a readable JSON receipt that says m3_entry_ready: true",
                              receipt.error["message"].text(), receipt.error["where"].text(),
                              read_fix(receipt)});
    return;
  }
  const ReceiptFlaw flaw = m2_receipt_flaw(receipt.value["says"], now);
  if (!flaw.found.empty())
    blockers.raise("M3A-B3", {"the M2 hand-off receipt does not say that M3 may start",
                              flaw.expected, flaw.found, receipt.value["path"].text(), flaw.fix});
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
