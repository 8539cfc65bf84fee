// The embedded orchestrator: state machines and executions in the platform database, for people who
// run without AWS. It starts nothing by itself; it records what runs, and answers as Step Functions
// would.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runpin/adapters/sqlite/platform_db.h"
#include "runpin/adapters/sqlite/state_names.h"
#include "runpin/base/instant.h"
#include "runpin/ports/orchestrator.h"

namespace runpin {

enum class StateMachineStatus { k_active, k_deleting };

// A missing, damaged or newer database is an error of every call: k_not_found, k_malformed.
class SqliteOrchestrator final : public Orchestrator {
 public:
  // As for PlatformDb.
  SqliteOrchestrator(std::filesystem::path file, std::string name);

  Result<std::vector<StateMachineRef>> list_state_machines() override;
  Result<StateMachine> describe(const std::string& arn) override;
  Result<std::vector<OrchestratorExecution>> list_running(const std::string& arn,
                                                          const NameSettles&) override;
  std::string name() const override { return db_.name(); }

  // Makes an ACTIVE state machine and answers its ARN. There already with the same role: nothing
  // changes. With another role, or DELETING: k_conflict. Two of one name need different regions or
  // accounts. k_usage: `role_arn` is no IAM role ARN.
  Result<std::string> create_state_machine(const StateMachineArn& arn, const std::string& role_arn,
                                           Instant now);
  Result<void> set_status(const std::string& arn, StateMachineStatus status);

  // Starts execution `name` and answers its ARN. `input` is JSON text of at most 262,144 bytes
  // (k_usage otherwise). RUNNING already with the same input, byte for byte: its ARN, nothing
  // changes. The name was used before in any other way, or the state machine is DELETING:
  // k_conflict.
  Result<std::string> start_execution(const std::string& arn, const std::string& name,
                                      const std::string& input, Instant now);
  // RUNNING becomes ABORTED; one that has stopped stays as it is.
  Result<OrchestratorExecution> stop_execution(const std::string& execution_arn, Instant now);
  // Every execution of the state machine, by name.
  Result<std::vector<OrchestratorExecution>> list_executions(const std::string& arn);

 private:
  PlatformDb db_;
};

}  // namespace runpin
