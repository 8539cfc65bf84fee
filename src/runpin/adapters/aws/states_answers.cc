#include "runpin/adapters/aws/states_answers.h"

#include <fmt/format.h>

#include <algorithm>

#include "runpin/canon/json_reader.h"

namespace runpin {
namespace {

constexpr std::string_view k_statuses[] = {"RUNNING",   "SUCCEEDED", "FAILED",
                                           "TIMED_OUT", "ABORTED",   "PENDING_REDRIVE"};

Parsed<Json> document(ByteView json) {
  auto parsed = read_json(json, "answer");
  if (!parsed) return flaw(one_line(parsed.error()));
  if (!parsed->is_object()) return flaw("expected a JSON object");
  return *std::move(parsed);
}

// The strings of `body` under `names`, in their order.
Parsed<std::vector<std::string>> texts(const Json& body, std::initializer_list<const char*> names) {
  std::vector<std::string> values;
  for (const char* name : names) {
    const std::string* value = body[name].if_string();
    if (!value || value->empty()) return flaw(fmt::format("\"{}\" is missing or no text", name));
    values.push_back(*value);
  }
  return values;
}

template <class T, class ReadItem>
Parsed<StatesPage<T>> page(ByteView json, const char* list, ReadItem read_item) {
  const auto body = document(json);
  if (!body) return flaw(body.error());
  const Json& items = (*body)[list];
  if (!items.is_array()) return flaw(fmt::format("\"{}\" is missing or no list", list));
  StatesPage<T> answer;
  for (const Json& item : items.items()) {
    Parsed<T> read = read_item(item);
    if (!read) return flaw(read.error());
    answer.items.push_back(*std::move(read));
  }
  const Json& next = (*body)["nextToken"];
  if (!next.is_null() && !next.if_string()) return flaw("\"nextToken\" is no text");
  answer.next_token = next.text();
  return answer;
}

Parsed<OrchestratorExecution> execution(const Json& body) {
  auto said = texts(body, {"executionArn", "name", "status"});
  if (!said) return flaw(said.error());
  if (std::find(std::begin(k_statuses), std::end(k_statuses), (*said)[2]) == std::end(k_statuses))
    return flaw("\"status\" is none that an execution has");
  return OrchestratorExecution{(*said)[0], (*said)[1], (*said)[2], ""};
}

}  // namespace

Parsed<StatesPage<StateMachineRef>> parse_state_machines(ByteView json) {
  return page<StateMachineRef>(json, "stateMachines",
                               [](const Json& item) -> Parsed<StateMachineRef> {
                                 const auto said = texts(item, {"name", "stateMachineArn"});
                                 if (!said) return flaw(said.error());
                                 return StateMachineRef{(*said)[0], (*said)[1]};
                               });
}

Parsed<StateMachine> parse_state_machine(ByteView json) {
  const auto body = document(json);
  if (!body) return flaw(body.error());
  const auto said = texts(*body, {"name", "stateMachineArn", "roleArn", "status"});
  if (!said) return flaw(said.error());
  return StateMachine{(*said)[0], (*said)[1], (*said)[2], (*said)[3]};
}

Parsed<StatesPage<OrchestratorExecution>> parse_executions(ByteView json) {
  return page<OrchestratorExecution>(json, "executions", execution);
}

Parsed<OrchestratorExecution> parse_execution(ByteView json) {
  const auto body = document(json);
  if (!body) return flaw(body.error());
  auto read = execution(*body);
  if (!read) return read;
  const std::string* input = (*body)["input"].if_string();
  if (!input) return flaw("it withholds the execution's input");
  read->input = *input;
  return read;
}

Parsed<std::string> parse_started(ByteView json) {
  const auto body = document(json);
  if (!body) return flaw(body.error());
  const auto said = texts(*body, {"executionArn"});
  if (!said) return flaw(said.error());
  return (*said)[0];
}

}  // namespace runpin
