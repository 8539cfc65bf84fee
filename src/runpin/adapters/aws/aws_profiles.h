// The AWS SDKs' shared config and credentials files. Pure.
// Source: docs.aws.amazon.com/sdkref/latest/guide/file-format.html
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "runpin/base/result.h"

namespace runpin {

struct AwsProperty {
  std::string value;
  std::map<std::string, std::string> nested;  // of "s3 =" with indented lines below it
};

// Properties by name, in lower case.
using AwsSection = std::map<std::string, AwsProperty, std::less<>>;

struct AwsProfiles {
  std::map<std::string, AwsSection, std::less<>> profiles;
  std::map<std::string, AwsSection, std::less<>> services;  // [services NAME]

  // The profile's property, or "" when there is none.
  const std::string& value(std::string_view profile, std::string_view property) const;
};

// The text of one file; `name` names it in errors and never holds a home directory.
struct AwsFileText {
  std::string text;
  std::string name;  // "~/.aws/config"
};

// Both files as one: where both set a property of a profile, the credentials file counts. k_config
// with name:line for a line that is neither section, property nor comment; the line itself, which
// may hold a secret, is never repeated.
Result<AwsProfiles> parse_aws_profiles(const AwsFileText& config, const AwsFileText& credentials);

}  // namespace runpin
