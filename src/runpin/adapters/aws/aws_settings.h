// The AWS SDKs' own settings: profile, region, endpoints and authorities, from environment and
// shared files. Source: docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
#pragma once

#include <optional>
#include <string>

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
  AwsProfiles profiles;
};

// A file that does not exist is empty. k_config: a file that cannot be read or parsed, a named
// profile that no file has.
Result<AwsSettings> read_aws_settings(const AwsOutside& outside);

}  // namespace runpin
