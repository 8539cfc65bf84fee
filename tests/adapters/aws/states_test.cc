// Wire formats as docs.aws.amazon.com/step-functions/latest/apireference has them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runpin/adapters/aws/states_answers.h"
#include "runpin/adapters/aws/states_requests.h"
#include "runpin/adapters/aws/step_functions_orchestrator.h"
#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "tests/adapters/aws/aws_bench.h"
#include "tests/adapters/aws/endless_pages.h"

namespace runpin {
namespace {

using testing::AwsBench;
using testing::EndlessPages;
using ::testing::HasSubstr;

const std::string k_states = "arn:aws:states:eu-central-1:111122223333:";
const std::string k_machine = k_states + "stateMachine:m";
const std::string k_execution = k_states + "execution:m:";

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
  std::optional<HttpResponse> description;            // of every execution
  std::vector<std::string> described;                 // by ARN

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
                              {"executionArn", k_execution + at->first},
                              {"stateMachineArn", k_states + "stateMachine:" + at->first}}));
    Json answer = object({{field, items}});
    if (at != status_by_name.end()) answer.set("nextToken", at->first);
    return {200, {}, canonical(answer)};
  }

  HttpResponse describe(const std::string& arn) {
    described.push_back(arn);
    if (description) return *description;
    const std::string name = arn.substr(k_execution.size());
    const std::string& status = status_by_name.at(name);
    if (status == "denied") return {400, {}, R"({"__type":"AccessDeniedException"})"};
    if (status.empty())
      return {400, {}, R"({"__type":"com.amazonaws.states#ExecutionDoesNotExist"})"};
    return {200,
            {},
            canonical(object({{"executionArn", arn},
                              {"name", name},
                              {"status", status},
                              {"input", "{\"of\":\"" + name + "\"}"}}))};
  }
};

TEST(StepFunctionsOrchestrator, ListsToTheLastPage) {
  FakeStates states;
  for (char c = 'a'; c < 'l'; ++c) states.status_by_name[std::string(1, c)] = "RUNNING";
  AwsBench bench(states);
  StepFunctionsOrchestrator orchestrator(bench.client,
                                         AwsBench::endpoint(AwsService::k_step_functions));
  EXPECT_EQ(orchestrator.list_state_machines()->size(), 11u);
  const auto running = orchestrator.list_running(k_machine, {});
  ASSERT_TRUE(running) << one_line(running.error());
  ASSERT_EQ(running->size(), 11u);
  EXPECT_EQ(running->back().name, "k");
  EXPECT_EQ(running->back().input, R"({"of":"k"})");
}

TEST(StepFunctionsOrchestrator, LeavesOutWhatEndedMeanwhile) {
  FakeStates states;
  states.status_by_name = {{"a", "SUCCEEDED"}, {"b", "RUNNING"}, {"c", ""}};
  AwsBench bench(states);
  StepFunctionsOrchestrator orchestrator(bench.client,
                                         AwsBench::endpoint(AwsService::k_step_functions));
  const auto running = orchestrator.list_running(k_machine, {});
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
  const auto running = orchestrator.list_running(k_machine, {});
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

// Answers everything with one body.
class Scripted final : public HttpTransport {
 public:
  explicit Scripted(std::string body) : body_(std::move(body)) {}
  Result<HttpResponse> send(const HttpRequest&, const HttpLimits&, bool*) override {
    return HttpResponse{200, {}, body_};
  }

 private:
  std::string body_;
};

struct Orchestrated {
  explicit Orchestrated(HttpTransport& transport) : bench(transport) {}
  AwsBench bench;
  StepFunctionsOrchestrator orchestrator{bench.client,
                                         AwsBench::endpoint(AwsService::k_step_functions)};
};

TEST(StepFunctionsOrchestrator, EndsWhateverItsListingsNameNext) {
  for (const char* list : {"stateMachines", "executions"})
    for (const bool fresh : {false, true}) {
      EndlessPages pages(fresh, [&](const std::string& token) {
        return "{\"" + std::string(list) + R"(":[],"nextToken":")" + token + "\"}";
      });
      Orchestrated on(pages);
      const Error error = std::string(list) == "executions"
                              ? on.orchestrator.list_running(k_machine, {}).error()
                              : on.orchestrator.list_state_machines().error();
      EXPECT_EQ(error.kind, ErrorKind::k_malformed);
      EXPECT_THAT(error.message, HasSubstr(fresh ? "pages" : "does not move on"));
    }
}

bool holds_the_id(const std::string& name) {
  return name == "run-1";
}

TEST(StepFunctionsOrchestrator, KeepsAListedNameThatSettlesWhateverIsSaidOfIt) {
  FakeStates states;
  states.status_by_name = {{"other", "SUCCEEDED"}, {"run-1", ""}};
  Orchestrated on(states);
  const auto running = on.orchestrator.list_running(k_machine, holds_the_id);
  ASSERT_TRUE(running) << one_line(running.error());
  ASSERT_EQ(running->size(), 1u);
  EXPECT_EQ(running->front().name, "run-1");
  EXPECT_EQ(states.described, std::vector<std::string>{k_execution + "other"});
}

std::string described(const std::string& arn, const std::string& name, const std::string& status) {
  return canonical(
      object({{"executionArn", arn}, {"name", name}, {"status", status}, {"input", ""}}));
}

TEST(StepFunctionsOrchestrator, FailsWhereItIsNotToldOfTheExecutionThatItAskedAbout) {
  const std::string arn = k_execution + "a";
  const HttpResponse answers[] = {{400, {}, R"({"__type":"InvalidArn"})"},
                                  {404, {}, R"({"__type":"ExecutionDoesNotExist"})"},
                                  {404, {}, "{}"},
                                  {400, {}, R"({"__type":"executiondoesnotexist"})"},
                                  {200, {}, described(k_execution + "b", "b", "SUCCEEDED")},
                                  {200, {}, described(arn, "b", "RUNNING")},
                                  {200, {}, described(arn, "a", "Running")}};
  for (const HttpResponse& answer : answers) {
    FakeStates states;
    states.status_by_name = {{"a", "RUNNING"}};
    states.description = answer;
    Orchestrated on(states);
    EXPECT_FALSE(on.orchestrator.list_running(k_machine, {})) << answer.body;
  }
}

TEST(StepFunctionsOrchestrator, CountsAnExecutionThatMayGoOnAsRunning) {
  FakeStates states;
  states.status_by_name = {{"a", "PENDING_REDRIVE"}, {"b", "TIMED_OUT"}};
  Orchestrated on(states);
  EXPECT_EQ(on.orchestrator.list_running(k_machine, {})->size(), 1u);
}

TEST(StepFunctionsOrchestrator, RefusesAListingOfOtherExecutions) {
  const auto listed = [](const std::string& arn, const std::string& status) {
    return R"({"executions":[{"name":"a","executionArn":")" + arn + R"(","status":")" + status +
           "\"}]}";
  };
  for (const std::string& body :
       {listed(k_states + "execution:n:a", "RUNNING"), listed(k_execution + "b", "RUNNING"),
        listed(k_execution + "a", "SUCCEEDED"), listed("a", "RUNNING")}) {
    Scripted answers(body);
    Orchestrated on(answers);
    EXPECT_EQ(on.orchestrator.list_running(k_machine, {}).error().kind, ErrorKind::k_malformed)
        << body;
  }
}

TEST(StepFunctionsOrchestrator, RefusesAListingOfOtherRegionsAndAccounts) {
  const auto listed = [](const std::string& second) {
    return R"({"stateMachines":[{"name":"m","stateMachineArn":")" + k_machine +
           R"("},{"name":"n","stateMachineArn":")" + second + "\"}]}";
  };
  Scripted sound(listed(k_states + "stateMachine:n"));
  EXPECT_TRUE(Orchestrated(sound).orchestrator.list_state_machines());
  for (const char* arn : {"arn:aws:states:us-east-1:111122223333:stateMachine:n",
                          "arn:aws-cn:states:eu-central-1:111122223333:stateMachine:n",
                          "arn:aws:states:eu-central-1:999999999999:stateMachine:n",
                          "arn:aws:states:eu-central-1:111122223333:stateMachine:m",
                          "arn:aws:lambda:eu-central-1:111122223333:stateMachine:n", "n"}) {
    Scripted answers(listed(arn));
    EXPECT_EQ(Orchestrated(answers).orchestrator.list_state_machines().error().kind,
              ErrorKind::k_malformed)
        << arn;
  }
}

TEST(StepFunctionsOrchestrator, RefusesADescriptionOfAnotherStateMachine) {
  const auto description = [](const std::string& arn, const std::string& name,
                              const std::string& account) {
    return canonical(object({{"stateMachineArn", arn},
                             {"name", name},
                             {"roleArn", "arn:aws:iam::" + account + ":role/r"},
                             {"status", "ACTIVE"}}));
  };
  Scripted sound(description(k_machine, "m", "111122223333"));
  EXPECT_TRUE(Orchestrated(sound).orchestrator.describe(k_machine));
  for (const std::string& body :
       {description(k_states + "stateMachine:n", "n", "111122223333"),
        description(k_machine, "n", "111122223333"), description(k_machine, "m", "999999999999")}) {
    Scripted answers(body);
    EXPECT_EQ(Orchestrated(answers).orchestrator.describe(k_machine).error().kind,
              ErrorKind::k_malformed)
        << body;
  }
}

}  // namespace
}  // namespace runpin
