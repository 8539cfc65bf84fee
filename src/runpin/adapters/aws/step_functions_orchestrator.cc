#include "runpin/adapters/aws/step_functions_orchestrator.h"

#include <algorithm>
#include <optional>

#include "runpin/adapters/aws/parallel.h"
#include "runpin/adapters/aws/service_error.h"
#include "runpin/adapters/aws/states_answers.h"
#include "runpin/adapters/aws/states_requests.h"

namespace runpin {
namespace {

constexpr const char* k_service = "Step Functions";
constexpr std::string_view k_unknown[] = {"StateMachineDoesNotExist", "ExecutionDoesNotExist",
                                          "ResourceNotFound", "InvalidArn"};

Asked asked(const std::string& operation, const std::string& target) {
  return {k_service, operation, "states:" + operation, target};
}

template <class T>
Result<T> checked(Parsed<T> parsed, const std::string& operation, const std::string& target) {
  if (parsed) return *std::move(parsed);
  return tl::unexpected(malformed_answer(asked(operation, target), parsed.error()));
}

// Every item of a listing: `ask(token)` gives a page, until one names no next.
template <class T, class Ask>
Result<std::vector<T>> all_pages(const std::string& operation, const std::string& target, Ask ask) {
  std::vector<T> all;
  std::string token;
  while (true) {
    Result<StatesPage<T>> page = ask(token);
    if (!page) return tl::unexpected(page.error());
    std::move(page->items.begin(), page->items.end(), std::back_inserter(all));
    if (page->next_token.empty()) break;
    if (page->next_token == token)
      return tl::unexpected(
          malformed_answer(asked(operation, target), "the listing does not move on"));
    token = page->next_token;
  }
  std::sort(all.begin(), all.end(), [](const T& a, const T& b) {
    return std::tie(a.name, a.arn) < std::tie(b.name, b.arn);
  });
  return all;
}

}  // namespace

Result<Bytes> StepFunctionsOrchestrator::send(HttpRequest request, const std::string& operation,
                                              const std::string& target) {
  auto answer = client_.call({std::move(request), endpoint_.scope, Repeatable::k_yes});
  if (!answer) return tl::unexpected(answer.error());
  if (answer->response.status == 200) return std::move(answer->response.body);
  const ServiceError said = json_error(answer->response);
  Error error = error_of(asked(operation, target), answer->response.status, said);
  if (std::find(std::begin(k_unknown), std::end(k_unknown), said.code) != std::end(k_unknown))
    error.kind = ErrorKind::k_not_found;
  if (said.code == "ExecutionAlreadyExists") error.kind = ErrorKind::k_conflict;
  return tl::unexpected(std::move(error));
}

Result<std::vector<StateMachineRef>> StepFunctionsOrchestrator::list_state_machines() {
  const std::string operation = "ListStateMachines";
  return all_pages<StateMachineRef>(
      operation, name(), [&](const std::string& token) -> Result<StatesPage<StateMachineRef>> {
        const auto body = send(runpin::list_state_machines(endpoint_, token), operation, name());
        if (!body) return tl::unexpected(body.error());
        return checked(parse_state_machines(*body), operation, name());
      });
}

Result<StateMachine> StepFunctionsOrchestrator::describe(const std::string& arn) {
  const std::string operation = "DescribeStateMachine";
  const auto body = send(describe_state_machine(endpoint_, arn), operation, arn);
  if (!body) return tl::unexpected(body.error());
  return checked(parse_state_machine(*body), operation, arn);
}

Result<std::vector<OrchestratorExecution>> StepFunctionsOrchestrator::list_running(
    const std::string& arn) {
  using Execution = OrchestratorExecution;
  const std::string listing = "ListExecutions";
  const auto listed = all_pages<Execution>(
      listing, arn, [&](const std::string& token) -> Result<StatesPage<Execution>> {
        const auto body = send(list_running_executions(endpoint_, arn, token), listing, arn);
        if (!body) return tl::unexpected(body.error());
        return checked(parse_executions(*body), listing, arn);
      });
  if (!listed) return tl::unexpected(listed.error());
  std::vector<Result<Execution>> described(listed->size());
  for_each_in_parallel(listed->size(), [&](std::size_t i) {
    const std::string& execution_arn = (*listed)[i].arn;
    const std::string operation = "DescribeExecution";
    const auto body = send(describe_execution(endpoint_, execution_arn), operation, execution_arn);
    described[i] = body ? checked(parse_execution(*body), operation, execution_arn)
                        : Result<Execution>(tl::unexpected(body.error()));
  });
  std::vector<Execution> running;
  for (Result<Execution>& execution : described) {
    if (!execution && execution.error().kind == ErrorKind::k_not_found) continue;
    if (!execution) return tl::unexpected(execution.error());
    if (execution->status == "RUNNING") running.push_back(*std::move(execution));
  }
  return running;
}

Result<std::string> StepFunctionsOrchestrator::start(const std::string& machine_arn,
                                                     const std::string& name,
                                                     const std::string& input) {
  const std::string operation = "StartExecution";
  const auto body =
      send(start_execution(endpoint_, machine_arn, name, input), operation, machine_arn);
  if (!body) return tl::unexpected(body.error());
  return checked(parse_started(*body), operation, machine_arn);
}

}  // namespace runpin
