// What starts the platform's work: state machines and their executions, named as AWS Step Functions
// names them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "runpin/base/result.h"

namespace runpin {

struct StateMachineRef {
  std::string name;
  std::string arn;
};

struct StateMachine {
  std::string name;
  std::string arn;
  std::string role_arn;
  std::string status;  // "ACTIVE" or "DELETING"
};

struct OrchestratorExecution {
  std::string arn;
  std::string name;
  std::string status;  // "RUNNING", "SUCCEEDED", "ABORTED"
  std::string
      input;  // JSON text; what it says is the execution's business, never put into an artifact
};

// Errors of every call: k_denied, k_unavailable, k_malformed; k_not_found where an ARN is unknown.
class Orchestrator {
 public:
  virtual ~Orchestrator() = default;

  // Every state machine of the account and region, by name.
  virtual Result<std::vector<StateMachineRef>> list_state_machines() = 0;
  virtual Result<StateMachine> describe(const std::string& arn) = 0;

  // Every RUNNING execution of the state machine, by name, each with its input unless its name
  // `settles`: nothing more is then asked about it, and no later answer takes it off the list.
  using NameSettles = std::function<bool(const std::string& name)>;
  virtual Result<std::vector<OrchestratorExecution>> list_running(const std::string& arn,
                                                                  const NameSettles& settles) = 0;

  // For messages and receipts: "sqlite:.runpin/platform.db", "step-functions".
  virtual std::string name() const = 0;
};

}  // namespace runpin
