// Ports made of plain data.
#pragma once

#include <map>
#include <string>

#include "runpin/canon/digest.h"
#include "runpin/gate/world.h"
#include "tests/support/memory_store.h"

namespace runpin::testing {

class FakeDocuments : public Documents {
 public:
  Result<Bytes> read(const std::string& path) override {
    const auto at = files.find(path);
    if (at == files.end()) return fail(ErrorKind::k_not_found, "the file is not there", path);
    return at->second;
  }
  Result<void> check_appendable(const std::string& path) override {
    if (files.contains(path)) return {};
    return fail(ErrorKind::k_not_found, "the file is not there", path);
  }
  Result<void> append_once(const std::string& path, ByteView marker, ByteView note) override {
    std::string& text = files[path];
    if (text.find(marker) == std::string::npos) text += note;
    return {};
  }
  std::map<std::string, Bytes> files;
};

class FakeStackOutputs : public StackOutputs {
 public:
  Result<std::vector<StackOutput>> read(const std::string& source) override {
    const auto at = outputs.find(source);
    if (at == outputs.end()) return fail(ErrorKind::k_not_found, "the file is not there", source);
    return at->second;
  }
  std::map<std::string, std::vector<StackOutput>> outputs;
};

class FakeOrchestrator : public Orchestrator {
 public:
  Result<std::vector<StateMachineRef>> list_state_machines() override {
    return std::vector<StateMachineRef>{};
  }
  Result<StateMachine> describe(const std::string& arn) override {
    return fail(ErrorKind::k_not_found, "there is no such state machine", arn);
  }
  Result<std::vector<OrchestratorExecution>> list_running(const std::string&,
                                                          const NameSettles&) override {
    return std::vector<OrchestratorExecution>{};
  }
  std::string name() const override { return "fake"; }
};

struct FakePorts {
  MemoryStore store;
  FakeDocuments documents;
  FakeStackOutputs stack_outputs;
  FakeOrchestrator orchestrator;

  Ports ports() {
    Ports all;
    all.store = &store;
    all.orchestrator = &orchestrator;
    all.documents = &documents;
    all.stack_outputs = &stack_outputs;
    all.digest = sha256;
    all.nonce = [] { return std::string(32, '0'); };
    all.log = [](const std::string&) {};
    all.ticks = [] { return std::int64_t{0}; };
    return all;
  }
};

}  // namespace runpin::testing
