// AWS Step Functions requests as values, unsigned.
// Source: docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html
#pragma once

#include <string>

#include "runpin/adapters/aws/json_request.h"

namespace runpin {

// `next_token` is "" for the first page.
HttpRequest list_state_machines(const AwsEndpoint& to, const std::string& next_token);
HttpRequest describe_state_machine(const AwsEndpoint& to, const std::string& arn);
HttpRequest list_running_executions(const AwsEndpoint& to, const std::string& machine_arn,
                                    const std::string& next_token);
HttpRequest describe_execution(const AwsEndpoint& to, const std::string& arn);
// `input` is JSON text. Starting the same name with the same input again answers the same
// execution.
HttpRequest start_execution(const AwsEndpoint& to, const std::string& machine_arn,
                            const std::string& name, const std::string& input);

}  // namespace runpin
