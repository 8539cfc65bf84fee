// A call of the AWS JSON protocol: one POST to "/", its operation in a header.
// Source: smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html (and 1_1)
#pragma once

#include <string>

#include "runpin/adapters/aws/aws_endpoint.h"
#include "runpin/canon/json.h"

namespace runpin {

// `target` is "AWSStepFunctions.ListStateMachines"; `version` is "1.0" or "1.1".
HttpRequest json_request(const AwsEndpoint& to, const std::string& target,
                         const std::string& version, const Json& body);

}  // namespace runpin
