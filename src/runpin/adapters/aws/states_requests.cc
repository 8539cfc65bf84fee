#include "runpin/adapters/aws/states_requests.h"

namespace runpin {
namespace {

constexpr int k_page = 1000;

HttpRequest request(const AwsEndpoint& to, const char* operation, const Json& body) {
  return json_request(to, std::string("AWSStepFunctions.") + operation, "1.0", body);
}

Json page(Json body, const std::string& next_token) {
  body.set("maxResults", k_page);
  if (!next_token.empty()) body.set("nextToken", next_token);
  return body;
}

}  // namespace

HttpRequest list_state_machines(const AwsEndpoint& to, const std::string& next_token) {
  return request(to, "ListStateMachines", page({}, next_token));
}

HttpRequest describe_state_machine(const AwsEndpoint& to, const std::string& arn) {
  return request(to, "DescribeStateMachine", object({{"stateMachineArn", arn}}));
}

HttpRequest list_running_executions(const AwsEndpoint& to, const std::string& machine_arn,
                                    const std::string& next_token) {
  const Json running = object({{"stateMachineArn", machine_arn}, {"statusFilter", "RUNNING"}});
  return request(to, "ListExecutions", page(running, next_token));
}

HttpRequest describe_execution(const AwsEndpoint& to, const std::string& arn) {
  return request(to, "DescribeExecution", object({{"executionArn", arn}}));
}

HttpRequest start_execution(const AwsEndpoint& to, const std::string& machine_arn,
                            const std::string& name, const std::string& input) {
  return request(to, "StartExecution",
                 object({{"stateMachineArn", machine_arn}, {"name", name}, {"input", input}}));
}

}  // namespace runpin
