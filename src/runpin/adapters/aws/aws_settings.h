// The AWS SDKs' own settings: profile, region, endpoints, authorities and attempts, from
// environment and shared files; and runpin's own for deadlines, which the SDKs have no variable
// for. Source: docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
#pragma once

#include <optional>
#include <string>

#include "runpin/adapters/aws/aws_client.h"
#include "runpin/adapters/aws/aws_endpoint.h"
#include "runpin/adapters/aws/aws_outside.h"
#include "runpin/adapters/aws/aws_profiles.h"

namespace runpin {

struct AwsSettings {
  std::string profile = "default";
  bool profile_is_named = false;      // AWS_PROFILE names it
  std::optional<std::string> region;  // AWS_REGION, AWS_DEFAULT_REGION, the profile's
  EndpointSettings endpoints;
  std::string ca_bundle;  // AWS_CA_BUNDLE, the profile's; "" for the system's; readable
  // Attempts: AWS_MAX_ATTEMPTS, the profile's max_attempts. Seconds to connect, and for one
  // exchange: RUNPIN_AWS_CONNECT_TIMEOUT, RUNPIN_AWS_TIMEOUT. The deadline over all attempts is
  // twice the latter.
  RetryPolicy retry;
  AwsProfiles profiles;
};

// A file that does not exist is empty. k_config: a file that cannot be read or parsed, a named
// profile that no file has, attempts or seconds that are none.
Result<AwsSettings> read_aws_settings(const AwsOutside& outside);

}  // namespace runpin
