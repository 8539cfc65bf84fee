// AWS Step Functions answers as values. Each parser takes the body of a 200.
#pragma once

#include <optional>
#include <vector>

#include "runpin/adapters/aws/parsed.h"
#include "runpin/base/bytes.h"
#include "runpin/ports/orchestrator.h"

namespace runpin {

template <class T>
struct StatesPage {
  std::vector<T> items;
  std::string next_token;  // "" on the last page
};

Parsed<StatesPage<StateMachineRef>> parse_state_machines(ByteView json);
Parsed<StateMachine> parse_state_machine(ByteView json);
Parsed<StatesPage<OrchestratorExecution>> parse_executions(ByteView json);  // without input
// With its input; flawed when the answer withholds it, since then nobody can say what it runs for.
Parsed<OrchestratorExecution> parse_execution(ByteView json);
Parsed<std::string> parse_started(ByteView json);  // its ARN

}  // namespace runpin
