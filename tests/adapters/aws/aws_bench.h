// An AwsClient over a transport of a test's own, with a clock that only moves when something waits.
#pragma once

#include "runpin/adapters/aws/aws_client.h"
#include "runpin/adapters/aws/aws_endpoint.h"

namespace runpin::testing {

class FixedCredentials final : public CredentialSource {
 public:
  Result<AwsCredentials> get(const Instant&) override {
    return AwsCredentials{"AKIDEXAMPLE", "example-secret", "", {}};
  }
};

struct AwsBench {
  explicit AwsBench(HttpTransport& transport) : client(transport, credentials, world()) {}

  RetryWorld world() {
    return {[] { return *Instant::parse_rfc3339("2026-02-23T17:43:07Z"); }, [] { return 0.5; },
            [this](std::chrono::milliseconds pause) { ticks += pause; }, [this] { return ticks; },
            [this](const std::string& line) { log.push_back(line); }};
  }

  static EndpointSettings settings() {
    EndpointSettings made;
    made.for_all = EndpointSettings::Url{"http://aws.test", "AWS_ENDPOINT_URL"};
    return made;
  }
  static AwsEndpoint endpoint(AwsService service) {
    return *endpoint_for(service, "eu-central-1", settings());
  }

  std::chrono::milliseconds ticks{0};
  std::vector<std::string> log;
  FixedCredentials credentials;
  AwsClient client;
};

}  // namespace runpin::testing
