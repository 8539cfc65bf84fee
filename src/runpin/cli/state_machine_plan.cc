#include "runpin/cli/state_machine_plan.h"

#include <fmt/format.h>

#include <vector>

#include "runpin/cli/handle_values.h"

namespace runpin::cli {
namespace {

struct RoleOwner {
  std::string partition;
  std::string account;
};

// "arn:aws:iam::111122223333:role/name"
std::optional<RoleOwner> owner_of(const std::string& arn) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  for (auto colon = arn.find(':'); colon != std::string::npos; colon = arn.find(':', start)) {
    parts.push_back(arn.substr(start, colon - start));
    start = colon + 1;
  }
  if (parts.size() != 5 || parts[0] != "arn" || parts[2] != "iam" ||
      arn.compare(start, 5, "role/") != 0)
    return std::nullopt;
  return RoleOwner{parts[1], parts[4]};
}

// A handle that cannot be used is named with its place, an argument by its option.
tl::unexpected<Error> refuse(const HandleValues& handles, const char* key, const char* option,
                             bool given, const std::string& why, const std::string& fix) {
  if (given) return fail(ErrorKind::k_usage, fmt::format("{} {}", option, why), "", fix);
  return handles.refuse(key, why, fix);
}

}  // namespace

Result<StateMachinePlan> plan_state_machine(const Registry& registry,
                                            const std::optional<std::string>& name,
                                            const std::optional<std::string>& role) {
  constexpr const char* k_name = "SFN_PLATFORM_RUN_ORCHESTRATOR_V0";
  constexpr const char* k_role = "ROLE_STEP_FUNCTIONS_ORCHESTRATOR";
  HandleValues handles(registry);
  const std::string role_arn = role ? *role : handles.text(k_role);
  const std::string machine = name ? *name : handles.text(k_name);
  const std::string region = handles.text("AWS_REGION");
  if (handles.error()) return tl::unexpected(*handles.error());
  const auto owner = owner_of(role_arn);
  if (!owner)
    return refuse(handles, k_role, "--role", role.has_value(), "is no IAM role ARN",
                  "write it as arn:aws:iam::ACCOUNT:role/NAME");
  if (auto fits = check_state_name(machine, "name"); !fits)
    return refuse(handles, k_name, "NAME", name.has_value(),
                  "cannot name a state machine: " + fits.error().message, fits.error().fix);
  const auto arn = StateMachineArn::parse(fmt::format(
      "arn:{}:states:{}:{}:stateMachine:{}", owner->partition, region, owner->account, machine));
  if (!arn)
    return handles.refuse("AWS_REGION", "and the account of the role make no state machine ARN",
                          "write them as eu-west-2 and twelve digits");
  return StateMachinePlan{*arn, role_arn};
}

}  // namespace runpin::cli
