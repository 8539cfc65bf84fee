// Names and ARNs of state machines and executions, by the rules of AWS Step Functions (API
// reference, CreateStateMachine and StartExecution). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runpin/base/result.h"

namespace runpin {

// 1 to 80 characters of UTF-8, none of them white space, brackets <>{}[], wildcards ?*, specials
// "#%\^|~`$&,;:/ or a control character. k_usage otherwise; `what` names the thing in the message.
Result<void> check_state_name(std::string_view name, std::string_view what);

struct StateMachineArn {
  std::string partition;  // "aws", "aws-cn", …
  std::string region;     // "eu-west-2"
  std::string account;    // twelve digits
  std::string name;

  // "arn:aws:states:REGION:ACCOUNT:stateMachine:NAME"; k_usage when it is none.
  static Result<StateMachineArn> parse(std::string_view text);
  // As parse(), from parts, in the partition "aws".
  static Result<StateMachineArn> make(std::string region, std::string account, std::string name);

  std::string str() const;
  // "arn:aws:states:REGION:ACCOUNT:execution:NAME:EXECUTION"
  std::string execution(std::string_view execution_name) const;
};

}  // namespace runpin
