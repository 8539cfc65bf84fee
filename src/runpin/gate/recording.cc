#include "runpin/gate/recording.h"

#include <fmt/format.h>

namespace runpin {
namespace {

std::string found(std::size_t count) {
  return fmt::format("{} found", count);
}

// What an error of a port is told by: the place it names, else what was asked for.
void note_failure(Recorder& recorder, std::string operation, std::string target, Error& error) {
  if (error.where.empty()) error.where = target;
  recorder.failed(std::move(operation), std::move(target), error);
}

// Records a call whose success needs no more than a status word.
template <class T, class Status>
Result<T> recorded(Recorder& recorder, std::string operation, std::string target, Result<T> result,
                   Status status) {
  if (result)
    recorder.succeeded(std::move(operation), std::move(target), status(*result));
  else
    note_failure(recorder, std::move(operation), std::move(target), result.error());
  return result;
}

Result<void> recorded_call(Recorder& recorder, std::string operation, std::string target,
                           Result<void> result, std::string status) {
  if (result)
    recorder.succeeded(std::move(operation), std::move(target), std::move(status));
  else
    note_failure(recorder, std::move(operation), std::move(target), result.error());
  return result;
}

template <class T>
Result<std::optional<T>> recorded_lookup(Recorder& recorder, std::string operation,
                                         const ObjectKey& key, Result<std::optional<T>> result) {
  if (!result)
    note_failure(recorder, std::move(operation), key.str(), result.error());
  else if (!*result)
    recorder.absent(std::move(operation), key.str());
  else
    recorder.succeeded(std::move(operation), key.str(), "found");
  return result;
}

}  // namespace

void Recorder::add(std::string operation, std::string target, std::string outcome,
                   std::string status) {
  receipts_.push_back(
      {check_id_, std::move(operation), std::move(target), std::move(outcome), std::move(status)});
}

void Recorder::succeeded(std::string operation, std::string target, std::string status) {
  add(std::move(operation), std::move(target), "ok", std::move(status));
}

void Recorder::absent(std::string operation, std::string target) {
  add(std::move(operation), std::move(target), "absent", "not_found");
}

void Recorder::failed(std::string operation, std::string target, const Error& error) {
  add(std::move(operation), std::move(target), "failed", std::string(name_of(error.kind)));
}

// A retry that finds its own bytes is told apart from a first write only in the log: receipts hold
// no retry count.
Result<PutResult> RecordingStore::create(const ObjectToWrite& object) {
  return recorded(recorder_, "evidence_store.create", object.key.str(), store_.create(object),
                  [](const PutResult&) { return std::string("stored and read back"); });
}

Result<std::vector<StoredObject>> RecordingStore::publish(std::span<const ObjectToWrite> artifacts,
                                                          const ObjectToWrite& marker,
                                                          const CommitTerms& terms) {
  return recorded(recorder_, "evidence_store.publish", marker.key.str(),
                  store_.publish(artifacts, marker, terms), [](const auto& stored) {
                    return fmt::format("{} stored and read back", stored.size());
                  });
}

Result<std::optional<StoredObject>> RecordingStore::get(const ObjectKey& key) {
  return recorded_lookup(recorder_, "evidence_store.get", key, store_.get(key));
}

Result<std::optional<ObjectHead>> RecordingStore::head(const ObjectKey& key) {
  return recorded_lookup(recorder_, "evidence_store.head", key, store_.head(key));
}

Result<std::vector<ObjectKey>> RecordingStore::list(const std::string& prefix, std::size_t limit) {
  return recorded(recorder_, "evidence_store.list", prefix, store_.list(prefix, limit),
                  [](const auto& keys) { return found(keys.size()); });
}

Result<std::vector<ObjectVersion>> RecordingStore::list_versions(const std::string& prefix) {
  return recorded(recorder_, "evidence_store.list_versions", prefix, store_.list_versions(prefix),
                  [](const auto& versions) { return found(versions.size()); });
}

Result<void> RecordingStore::check_reachable() {
  return recorded_call(recorder_, "evidence_store.check_reachable", name(),
                       store_.check_reachable(), "reachable");
}

Result<std::vector<StateMachineRef>> RecordingOrchestrator::list_state_machines() {
  return recorded(recorder_, "orchestrator.list_state_machines", name(),
                  orchestrator_.list_state_machines(),
                  [](const auto& machines) { return found(machines.size()); });
}

Result<StateMachine> RecordingOrchestrator::describe(const std::string& arn) {
  return recorded(recorder_, "orchestrator.describe_state_machine", arn,
                  orchestrator_.describe(arn),
                  [](const StateMachine& machine) { return machine.status; });
}

Result<std::vector<OrchestratorExecution>> RecordingOrchestrator::list_running(
    const std::string& arn, const NameSettles& settles) {
  return recorded(recorder_, "orchestrator.list_running_executions", arn,
                  orchestrator_.list_running(arn, settles),
                  [](const auto& executions) { return found(executions.size()); });
}

Result<Bytes> RecordingDocuments::read(const std::string& path) {
  return recorded(recorder_, "documents.read", path, documents_.read(path),
                  [](const Bytes& bytes) { return fmt::format("{} bytes", bytes.size()); });
}

Result<void> RecordingDocuments::check_appendable(const std::string& path) {
  return recorded_call(recorder_, "documents.check_appendable", path,
                       documents_.check_appendable(path), "appendable");
}

Result<void> RecordingDocuments::append_once(const std::string& path, ByteView marker,
                                             ByteView note) {
  return recorded_call(recorder_, "documents.append_once", path,
                       documents_.append_once(path, marker, note), "appended");
}

Result<std::vector<StackOutput>> RecordingStackOutputs::read(const std::string& source) {
  return recorded(recorder_, "stack_outputs.read", source, outputs_.read(source),
                  [](const auto& outputs) { return found(outputs.size()); });
}

Result<CostAnswer> RecordingCostSource::billed(const CostWindow& window) {
  return recorded(
      recorder_, "cost_source.billed", name(), source_.billed(window),
      [](const CostAnswer& answer) { return fmt::format("{} charges", answer.charges); });
}

Result<std::string> RecordingCaller::caller_arn() {
  return recorded(recorder_, "identity.caller", name(), caller_.caller_arn(),
                  [](const std::string&) { return std::string("answered"); });
}

}  // namespace runpin
