#include "runpin/verify/recorded_execution.h"

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

const Json& RecordedExecution::facts() const {
  return receipts_body(*this)["facts"];
}

const Json& RecordedExecution::receipts() const {
  return receipts_body(*this)["receipts"];
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

std::string shown(const Json& value) {
  constexpr std::size_t k_longest = 160;
  std::string text = canonical(value);
  if (text.size() <= k_longest) return text;
  std::size_t end = k_longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

}  // namespace runpin
