// Wire formats as docs.aws.amazon.com/step-functions/latest/apireference has them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runpin/adapters/aws/states_answers.h"
#include "runpin/adapters/aws/states_requests.h"
#include "runpin/adapters/aws/step_functions_orchestrator.h"
#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "tests/adapters/aws/aws_bench.h"

namespace runpin {
namespace {

using testing::AwsBench;
using ::testing::HasSubstr;

constexpr const char* k_machine = "arn:aws:states:eu-central-1:111122223333:stateMachine:m";

const AwsEndpoint& endpoint() {
  static const AwsEndpoint made = *endpoint_for(AwsService::k_step_functions, "eu-central-1");
  return made;
}

TEST(StatesRequests, SpeakTheJsonProtocol) {
  const HttpRequest post = start_execution(endpoint(), k_machine, "run-1", R"({"a":1})");
  EXPECT_EQ(post.method, "POST");
  EXPECT_EQ(post.host, "states.eu-central-1.amazonaws.com");
  EXPECT_EQ(request_target(post), "/");
  EXPECT_EQ(post.headers.at("content-type"), "application/x-amz-json-1.0");
  EXPECT_EQ(post.headers.at("x-amz-target"), "AWSStepFunctions.StartExecution");
  EXPECT_EQ(post.body, std::string(R"({"input":"{\"a\":1}","name":"run-1","stateMachineArn":")") +
                           k_machine + "\"}");
}

TEST(StatesRequests, AskForOnePageAndThenTheNext) {
  EXPECT_EQ(list_state_machines(endpoint(), "").body, R"({"maxResults":1000})");
  EXPECT_EQ(list_state_machines(endpoint(), "t").body, R"({"maxResults":1000,"nextToken":"t"})");
  EXPECT_EQ(
      list_running_executions(endpoint(), "a", "t").body,
      R"({"maxResults":1000,"nextToken":"t","stateMachineArn":"a","statusFilter":"RUNNING"})");
  EXPECT_EQ(describe_state_machine(endpoint(), "a").body, R"({"stateMachineArn":"a"})");
  EXPECT_EQ(describe_execution(endpoint(), "a").body, R"({"executionArn":"a"})");
}

TEST(StatesAnswers, ReadWhatTheServiceSends) {
  const auto machine = parse_state_machine(
      R"({"stateMachineArn":"arn","name":"m","roleArn":"role","status":"ACTIVE","type":"STANDARD",
          "definition":"{}","creationDate":1.7E9,"loggingConfiguration":{"level":"OFF"}})");
  ASSERT_TRUE(machine) << machine.error();
  EXPECT_EQ(machine->role_arn, "role");
  const auto execution = parse_execution(
      R"({"executionArn":"e","stateMachineArn":"m","name":"n","status":"RUNNING",
          "startDate":1771868587.123,"input":"{\"run\":\"r\"}","inputDetails":{"included":true}})");
  ASSERT_TRUE(execution) << execution.error();
  EXPECT_EQ(execution->input, R"({"run":"r"})");
}

TEST(StatesAnswers, RefuseWhatLacksAFieldThatTheGateReads) {
  for (const char* body :
       {"", "[]", "{}", R"({"stateMachines":{}})", R"({"stateMachines":[{"name":"m"}]})",
        R"({"stateMachines":[{"name":"","stateMachineArn":"a"}]})",
        R"({"stateMachines":[],"nextToken":7})"})
    EXPECT_FALSE(parse_state_machines(body)) << body;
  EXPECT_FALSE(parse_state_machine(R"({"stateMachineArn":"arn","name":"m","roleArn":"role"})"));
  const auto withheld = parse_execution(
      R"({"executionArn":"e","name":"n","status":"RUNNING","inputDetails":{"included":false}})");
  ASSERT_FALSE(withheld);
  EXPECT_THAT(withheld.error(), HasSubstr("withholds"));
}

// A service that pages by two, and whose executions may end while they are listed.
class FakeStates final : public HttpTransport {
 public:
  Result<HttpResponse> send(const HttpRequest& request, const HttpLimits&, bool* sent) override {
    const std::lock_guard lock(mutex);
    if (sent) *sent = true;
    const Json body = *read_json(request.body, "request");
    const std::string operation = request.headers.at("x-amz-target").substr(17);
    if (operation == "DescribeExecution") return describe(body["executionArn"].text());
    if (operation == "ListExecutions") return list(body, "executions");
    if (operation == "ListStateMachines") return list(body, "stateMachines");
    if (operation == "StartExecution") return start(body);
    return HttpResponse{400, {}, R"({"__type":"UnknownOperationException"})"};
  }

  std::mutex mutex;
  std::map<std::string, std::string> status_by_name;  // "" for gone
  bool stuck = false;

 private:
  HttpResponse start(const Json& body) {
    const std::string& name = body["name"].text();
    if (status_by_name.contains(name))
      return {400, {}, R"({"__type":"com.amazonaws.states#ExecutionAlreadyExists"})"};
    status_by_name[name] = "RUNNING";
    return {200, {}, R"({"executionArn":"arn:)" + name + R"(","startDate":1.7E9})"};
  }

  HttpResponse list(const Json& body, const char* field) {
    const std::string& token = body["nextToken"].text();
    auto at = token.empty() ? status_by_name.begin() : status_by_name.find(token);
    Json::Array items;
    for (; at != status_by_name.end() && items.size() < 2; ++at)
      items.push_back(object({{"name", at->first},
                              {"status", "RUNNING"},
                              {"executionArn", "arn:" + at->first},
                              {"stateMachineArn", "arn:" + at->first}}));
    Json answer = object({{field, items}});
    if (at != status_by_name.end())
      answer.set("nextToken", stuck ? status_by_name.begin()->first : at->first);
    return {200, {}, canonical(answer)};
  }

  HttpResponse describe(const std::string& arn) {
    const std::string status = status_by_name.at(arn.substr(4));
    if (status == "denied") return {400, {}, R"({"__type":"AccessDeniedException"})"};
    if (status.empty())
      return {400, {}, R"({"__type":"com.amazonaws.states#ExecutionDoesNotExist"})"};
    return {200,
            {},
            canonical(object({{"executionArn", arn},
                              {"name", arn.substr(4)},
                              {"status", status},
                              {"input", "{\"of\":\"" + arn + "\"}"}}))};
  }
};

TEST(StepFunctionsOrchestrator, ListsToTheLastPage) {
  FakeStates states;
  for (char c = 'a'; c < 'l'; ++c) states.status_by_name[std::string(1, c)] = "RUNNING";
  AwsBench bench(states);
  StepFunctionsOrchestrator orchestrator(bench.client,
                                         AwsBench::endpoint(AwsService::k_step_functions));
  EXPECT_EQ(orchestrator.list_state_machines()->size(), 11u);
  const auto running = orchestrator.list_running(k_machine);
  ASSERT_TRUE(running) << one_line(running.error());
  ASSERT_EQ(running->size(), 11u);
  EXPECT_EQ(running->back().name, "k");
  EXPECT_EQ(running->back().input, R"({"of":"arn:k"})");
}

TEST(StepFunctionsOrchestrator, LeavesOutWhatEndedMeanwhile) {
  FakeStates states;
  states.status_by_name = {{"a", "SUCCEEDED"}, {"b", "RUNNING"}, {"c", ""}};
  AwsBench bench(states);
  StepFunctionsOrchestrator orchestrator(bench.client,
                                         AwsBench::endpoint(AwsService::k_step_functions));
  const auto running = orchestrator.list_running(k_machine);
  ASSERT_TRUE(running) << one_line(running.error());
  ASSERT_EQ(running->size(), 1u);
  EXPECT_EQ(running->front().name, "b");
}

TEST(StepFunctionsOrchestrator, FailsWhenOneExecutionCannotBeAskedAbout) {
  FakeStates states;
  states.status_by_name = {{"a", "RUNNING"}, {"b", "denied"}};
  AwsBench bench(states);
  StepFunctionsOrchestrator orchestrator(bench.client,
                                         AwsBench::endpoint(AwsService::k_step_functions));
  const auto running = orchestrator.list_running(k_machine);
  ASSERT_FALSE(running);
  EXPECT_EQ(running.error().kind, ErrorKind::k_denied);
  EXPECT_THAT(running.error().message, HasSubstr("AccessDeniedException"));
}

TEST(StepFunctionsOrchestrator, StartsAnExecutionUnderANameOnce) {
  FakeStates states;
  AwsBench bench(states);
  StepFunctionsOrchestrator orchestrator(bench.client,
                                         AwsBench::endpoint(AwsService::k_step_functions));
  EXPECT_EQ(*orchestrator.start(k_machine, "run-1", "{}"), "arn:run-1");
  EXPECT_EQ(orchestrator.start(k_machine, "run-1", "[]").error().kind, ErrorKind::k_conflict);
}

TEST(StepFunctionsOrchestrator, RefusesAListingThatDoesNotMoveOn) {
  FakeStates states;
  states.status_by_name = {
      {"a", "RUNNING"}, {"b", "RUNNING"}, {"c", "RUNNING"}, {"d", "RUNNING"}, {"e", "RUNNING"}};
  states.stuck = true;
  AwsBench bench(states);
  StepFunctionsOrchestrator orchestrator(bench.client,
                                         AwsBench::endpoint(AwsService::k_step_functions));
  EXPECT_EQ(orchestrator.list_state_machines().error().kind, ErrorKind::k_malformed);
}

}  // namespace
}  // namespace runpin
