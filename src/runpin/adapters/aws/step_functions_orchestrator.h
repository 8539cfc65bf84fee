// AWS Step Functions as the platform's orchestrator.
#pragma once

#include <optional>

#include "runpin/adapters/aws/aws_client.h"
#include "runpin/adapters/aws/aws_endpoint.h"
#include "runpin/adapters/aws/parsed.h"
#include "runpin/ports/orchestrator.h"

namespace runpin {

class StepFunctionsOrchestrator final : public Orchestrator {
 public:
  // Borrows `client`.
  StepFunctionsOrchestrator(AwsClient& client, AwsEndpoint endpoint)
      : client_(client), endpoint_(std::move(endpoint)) {}

  Result<std::vector<StateMachineRef>> list_state_machines() override;
  Result<StateMachine> describe(const std::string& arn) override;
  // Inputs are asked for one execution each, several at once. An execution that ends meanwhile is
  // left out. k_malformed when the listing or an answer is about another execution or state
  // machine.
  Result<std::vector<OrchestratorExecution>> list_running(const std::string& arn,
                                                          const NameSettles& settles) override;
  std::string name() const override { return "step-functions"; }

  // Starts the execution `name` with this JSON text, and answers its ARN. The same name with the
  // same input again is the same execution; k_conflict when it was started with another one.
  Result<std::string> start(const std::string& machine_arn, const std::string& name,
                            const std::string& input);

 private:
  Result<HttpResponse> ask(HttpRequest request);
  Result<Bytes> send(HttpRequest request, const std::string& operation, const std::string& target);
  Result<std::vector<OrchestratorExecution>> list_executions(const std::string& machine_arn);
  Result<std::optional<OrchestratorExecution>> still_running(const OrchestratorExecution& listed);

  AwsClient& client_;
  AwsEndpoint endpoint_;
};

}  // namespace runpin
