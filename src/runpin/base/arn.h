// Amazon Resource Names: arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE
#pragma once

#include <optional>
#include <string_view>

namespace runpin {

// Views into the text that was parsed. IAM's have no region, S3's neither region nor account.
struct Arn {
  std::string_view partition;  // "aws"
  std::string_view service;    // "states"
  std::string_view region;     // "eu-central-1"
  std::string_view account;    // "111122223333"
  std::string_view resource;   // "stateMachine:NAME"; holds further colons
};

// Nothing for a text that does not have the six fields.
std::optional<Arn> parse_arn(std::string_view text);

}  // namespace runpin
