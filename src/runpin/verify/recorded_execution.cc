#include "runpin/verify/recorded_execution.h"

#include <algorithm>

#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"

namespace runpin {
namespace {

const Json& receipts_body(const RecordedExecution& execution) {
  static const Json k_null;
  const std::string& name = execution.lane.contract.receipts_artifact;
  if (name.empty()) return execution.evidence.summary;
  const auto artifact = execution.evidence.artifacts.find(name);
  return artifact == execution.evidence.artifacts.end() ? k_null : artifact->second;
}

}  // namespace

bool names_execution(const Json& ids, std::string_view id) {
  const auto& items = ids.items();
  return std::any_of(items.begin(), items.end(),
                     [&](const Json& item) { return item.text() == id; });
}

const Json& RecordedExecution::facts() const {
  return receipts_body(*this)["facts"];
}

const Json& RecordedExecution::receipts() const {
  return receipts_body(*this)["receipts"];
}

bool RecordedExecution::missed(std::string_view earlier) const {
  return names_execution(facts()["not_durable"], earlier);
}

std::string RecordedExecution::artifact_key(std::string_view name) const {
  return inputs.layout.artifact_key(context.execution_id, name).str();
}

std::string RecordedExecution::facts_key() const {
  const std::string& name = lane.contract.receipts_artifact;
  return artifact_key(name.empty() ? lane.contract.summary_name() : name);
}

Json canonical_document(const Bytes& bytes, const std::string& key, EvidenceFindings& findings) {
  const auto body = read_json(bytes, key);
  if (!body) {
    findings.add(
        {"unreadable", "it is no JSON document", "a JSON document", body.error().message, key});
    return {};
  }
  if (pretty(*body) != bytes) {
    findings.add({"unreadable", "it is not in the form that runpin writes",
                  "sorted keys, two spaces, a final newline", "the same value in another form",
                  key});
    return {};
  }
  return *body;
}

Differing differing(const Bytes& expected, const Bytes& found) {
  static const Json k_nothing;
  const auto document = read_json(expected, "expected");
  const Json& wanted = document ? *document : k_nothing;
  const auto there = read_json(found, "found");
  if (!there || !there->is_object()) return {shown(wanted), "no JSON object"};
  if (*there == wanted) return {"the form that runpin writes", "the same value in another form"};
  Json ours = Json::Object{}, theirs = Json::Object{};
  for (const auto& [field, value] : wanted.members())
    if (!there->find(field) || (*there)[field] != value) ours.set(field, value);
  for (const auto& [field, value] : there->members())
    if (!wanted.find(field) || wanted[field] != value) theirs.set(field, value);
  return {shown(ours), shown(theirs)};
}

std::string shown(const Json& value) {
  constexpr std::size_t k_longest = 160;
  std::string text = canonical(value);
  if (text.size() <= k_longest) return text;
  std::size_t end = k_longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

}  // namespace runpin
