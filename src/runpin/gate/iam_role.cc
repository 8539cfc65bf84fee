#include "runpin/gate/iam_role.h"

#include <fmt/format.h>

#include "runpin/base/arn.h"

namespace runpin {
namespace {

std::string_view role_name(std::string_view service, std::string_view resource) {
  constexpr std::string_view k_role = "role/", k_assumed = "assumed-role/";
  if (service == "iam" && resource.starts_with(k_role))
    return resource.substr(resource.rfind('/') + 1);
  if (service != "sts" || !resource.starts_with(k_assumed)) return {};
  resource.remove_prefix(k_assumed.size());
  return resource.substr(0, resource.find('/'));
}

}  // namespace

std::optional<IamRole> parse_role(std::string_view arn) {
  const auto parts = parse_arn(arn);
  if (!parts) return std::nullopt;
  const std::string_view name = role_name(parts->service, parts->resource);
  if (name.empty()) return std::nullopt;
  return IamRole{std::string(parts->partition), std::string(parts->account), std::string(name)};
}

bool is_user_arn(std::string_view arn) {
  constexpr std::string_view k_user = "user/";
  const auto parts = parse_arn(arn);
  return parts && parts->service == "iam" && parts->resource.starts_with(k_user) &&
         parts->resource.size() > k_user.size();
}

std::string describe_caller(std::string_view arn) {
  if (const auto role = parse_role(arn))
    return fmt::format("the role {} of account {}", role->name, role->account);
  const auto parts = parse_arn(arn);
  if (!parts) return "a caller without an ARN";
  const std::string_view resource = parts->resource;
  const std::string_view kind = resource.starts_with("user/")             ? "a user"
                                : resource.starts_with("federated-user/") ? "a federated user"
                                : resource == "root"                      ? "the root user"
                                                                          : "a caller";
  return fmt::format("{} of account {}", kind, parts->account);
}

}  // namespace runpin
