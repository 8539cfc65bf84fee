#include "runpin/adapters/aws/step_functions_orchestrator.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "runpin/adapters/aws/page_walk.h"
#include "runpin/adapters/aws/parallel.h"
#include "runpin/adapters/aws/service_error.h"
#include "runpin/adapters/aws/states_answers.h"
#include "runpin/adapters/aws/states_requests.h"
#include "runpin/base/arn.h"

namespace runpin {
namespace {

constexpr const char* k_service = "Step Functions";
constexpr std::string_view k_unknown[] = {"StateMachineDoesNotExist", "ExecutionDoesNotExist",
                                          "ResourceNotFound", "InvalidArn"};
constexpr std::string_view k_ended[] = {"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"};

template <class Texts>
bool holds(const Texts& texts, std::string_view text) {
  return std::find(std::begin(texts), std::end(texts), text) != std::end(texts);
}

Asked asked(const std::string& operation, const std::string& target) {
  return {k_service, operation, "states:" + operation, target};
}

template <class T>
Result<T> checked(Parsed<T> parsed, const std::string& operation, const std::string& target) {
  if (parsed) return *std::move(parsed);
  return tl::unexpected(malformed_answer(asked(operation, target), parsed.error()));
}

template <class T>
Result<T> checked(const Parsed<void>& valid, T& value, const std::string& operation,
                  const std::string& target) {
  if (valid) return std::move(value);
  return tl::unexpected(malformed_answer(asked(operation, target), valid.error()));
}

// Every item of a listing: `ask(token)` gives a page, until one names no next.
template <class T, class Ask>
Result<std::vector<T>> all_pages(const std::string& operation, const std::string& target, Ask ask) {
  std::vector<T> all;
  PageWalk<std::string> walk;
  while (true) {
    Result<StatesPage<T>> page = ask(walk.token());
    if (!page) return tl::unexpected(page.error());
    std::move(page->items.begin(), page->items.end(), std::back_inserter(all));
    if (page->next_token.empty()) break;
    if (const auto moved = walk.move_on(std::move(page->next_token)); !moved)
      return tl::unexpected(malformed_answer(asked(operation, target), moved.error()));
  }
  std::sort(all.begin(), all.end(), [](const T& a, const T& b) {
    return std::tie(a.name, a.arn) < std::tie(b.name, b.arn);
  });
  return all;
}

// "arn:aws:states:REGION:ACCOUNT:stateMachine:NAME", as the service names a machine of that region.
Parsed<void> check_machine(const std::string& arn, const std::string& name,
                           const std::string& region) {
  const auto parts = parse_arn(arn);
  if (!parts || parts->service != "states" || parts->resource != "stateMachine:" + name)
    return flaw("a stateMachineArn is not the ARN of a state machine of that name");
  if (parts->region != region || parts->partition != partition_of(region))
    return flaw("a stateMachineArn is of another region than " + region);
  return {};
}

Parsed<void> check_machines(const std::vector<StateMachineRef>& machines,
                            const std::string& region) {
  for (const StateMachineRef& machine : machines) {
    if (auto valid = check_machine(machine.arn, machine.name, region); !valid) return valid;
    if (parse_arn(machine.arn)->account != parse_arn(machines.front().arn)->account)
      return flaw("it lists state machines of more than one account");
  }
  return {};
}

// AWS takes no role of another account for a state machine.
Parsed<void> check_described(const StateMachine& machine, const std::string& asked_arn) {
  const auto asked = parse_arn(asked_arn);
  if (!asked || machine.arn != asked_arn || asked->resource != "stateMachine:" + machine.name)
    return flaw("it is about another state machine");
  const auto role = parse_arn(machine.role_arn);
  if (!role || role->account != asked->account)
    return flaw("its roleArn is of another account than the state machine");
  return {};
}

// "arn:aws:states:REGION:ACCOUNT:execution:MACHINE:NAME"
std::string execution_arn(const std::string& machine_arn, const std::string& name) {
  const auto machine = parse_arn(machine_arn);
  if (!machine) return "";
  const std::string_view machine_name = machine->resource.substr(machine->resource.find(':') + 1);
  return fmt::format("arn:{}:states:{}:{}:execution:{}:{}", machine->partition, machine->region,
                     machine->account, machine_name, name);
}

Parsed<void> check_listed(const std::vector<OrchestratorExecution>& executions,
                          const std::string& machine_arn) {
  for (const OrchestratorExecution& execution : executions) {
    if (execution.arn != execution_arn(machine_arn, execution.name))
      return flaw("an executionArn is not the ARN of an execution of that name and state machine");
    if (execution.status != "RUNNING") return flaw("an execution that it lists is not RUNNING");
  }
  return {};
}

}  // namespace

Result<HttpResponse> StepFunctionsOrchestrator::ask(HttpRequest request) {
  auto answer = client_.call({std::move(request), endpoint_.scope, Repeatable::k_yes});
  if (!answer) return tl::unexpected(answer.error());
  return std::move(answer->response);
}

Result<Bytes> StepFunctionsOrchestrator::send(HttpRequest request, const std::string& operation,
                                              const std::string& target) {
  auto answer = ask(std::move(request));
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status == 200) return std::move(answer->body);
  const ServiceError said = json_error(*answer);
  Error error = error_of(asked(operation, target), answer->status, said);
  if (holds(k_unknown, said.code)) error.kind = ErrorKind::k_not_found;
  if (said.code == "ExecutionAlreadyExists") error.kind = ErrorKind::k_conflict;
  return tl::unexpected(std::move(error));
}

Result<std::vector<StateMachineRef>> StepFunctionsOrchestrator::list_state_machines() {
  const std::string operation = "ListStateMachines";
  auto machines = all_pages<StateMachineRef>(
      operation, name(), [&](const std::string& token) -> Result<StatesPage<StateMachineRef>> {
        const auto body = send(runpin::list_state_machines(endpoint_, token), operation, name());
        if (!body) return tl::unexpected(body.error());
        return checked(parse_state_machines(*body), operation, name());
      });
  if (!machines) return machines;
  return checked(check_machines(*machines, endpoint_.scope.region), *machines, operation, name());
}

Result<StateMachine> StepFunctionsOrchestrator::describe(const std::string& arn) {
  const std::string operation = "DescribeStateMachine";
  const auto body = send(describe_state_machine(endpoint_, arn), operation, arn);
  if (!body) return tl::unexpected(body.error());
  auto machine = checked(parse_state_machine(*body), operation, arn);
  if (!machine) return machine;
  return checked(check_described(*machine, arn), *machine, operation, arn);
}

Result<std::vector<OrchestratorExecution>> StepFunctionsOrchestrator::list_executions(
    const std::string& machine_arn) {
  using Execution = OrchestratorExecution;
  const std::string operation = "ListExecutions";
  auto listed = all_pages<Execution>(
      operation, machine_arn, [&](const std::string& token) -> Result<StatesPage<Execution>> {
        const auto body =
            send(list_running_executions(endpoint_, machine_arn, token), operation, machine_arn);
        if (!body) return tl::unexpected(body.error());
        return checked(parse_executions(*body), operation, machine_arn);
      });
  if (!listed) return listed;
  return checked(check_listed(*listed, machine_arn), *listed, operation, machine_arn);
}

// The execution with its input; nothing when it has ended since it was listed.
Result<std::optional<OrchestratorExecution>> StepFunctionsOrchestrator::still_running(
    const OrchestratorExecution& listed) {
  const Asked about = asked("DescribeExecution", listed.arn);
  const auto answer = ask(describe_execution(endpoint_, listed.arn));
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status != 200) {
    const ServiceError said = json_error(*answer);
    if (answer->status == 400 && said.code == "ExecutionDoesNotExist") return std::nullopt;
    return tl::unexpected(error_of(about, answer->status, said));
  }
  auto described = parse_execution(answer->body);
  if (!described) return tl::unexpected(malformed_answer(about, described.error()));
  if (described->arn != listed.arn || described->name != listed.name)
    return tl::unexpected(malformed_answer(about, "it is about another execution"));
  if (holds(k_ended, described->status)) return std::nullopt;
  return *std::move(described);
}

Result<std::vector<OrchestratorExecution>> StepFunctionsOrchestrator::list_running(
    const std::string& arn, const NameSettles& settles) {
  using Execution = OrchestratorExecution;
  const auto listed = list_executions(arn);
  if (!listed) return listed;
  std::vector<Result<std::optional<Execution>>> found(listed->size());
  for_each_in_parallel(listed->size(), [&](std::size_t i) {
    const Execution& execution = (*listed)[i];
    found[i] =
        settles && settles(execution.name) ? std::optional(execution) : still_running(execution);
  });
  std::vector<Execution> running;
  for (Result<std::optional<Execution>>& execution : found) {
    if (!execution) return tl::unexpected(execution.error());
    if (*execution) running.push_back(**std::move(execution));
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
