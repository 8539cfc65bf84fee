// AWS roles by ARN, as a registry pins them and as AWS STS names who has assumed them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace runpin {

struct IamRole {
  std::string partition;  // "aws"
  std::string account;    // "111122223333"
  std::string name;       // without a path: an assumed role's ARN has none
  bool operator==(const IamRole&) const = default;
};

// "arn:aws:iam::111122223333:role/PATH/NAME" or
// "arn:aws:sts::111122223333:assumed-role/NAME/SESSION"; nothing for any other text.
std::optional<IamRole> parse_role(std::string_view arn);

// Whether it is an IAM user's: "arn:aws:iam::111122223333:user/PATH/NAME".
bool is_user_arn(std::string_view arn);

// What kind of caller the ARN names, without who it is: "the role NAME of account 111122223333", "a
// user of account …".
std::string describe_caller(std::string_view arn);

}  // namespace runpin
