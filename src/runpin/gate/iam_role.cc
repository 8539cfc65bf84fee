#include "runpin/gate/iam_role.h"

#include <fmt/format.h>

#include <array>

namespace runpin {
namespace {

// arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE
std::optional<std::array<std::string_view, 6>> split_arn(std::string_view arn) {
  std::array<std::string_view, 6> fields;
  for (std::size_t i = 0; i + 1 < fields.size(); ++i) {
    const std::size_t colon = arn.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    fields[i] = arn.substr(0, colon);
    arn.remove_prefix(colon + 1);
  }
  fields.back() = arn;
  if (fields[0] != "arn") return std::nullopt;
  return fields;
}

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
  const auto fields = split_arn(arn);
  if (!fields) return std::nullopt;
  const std::string_view name = role_name((*fields)[2], (*fields)[5]);
  if (name.empty()) return std::nullopt;
  return IamRole{std::string((*fields)[1]), std::string((*fields)[4]), std::string(name)};
}

std::string describe_caller(std::string_view arn) {
  if (const auto role = parse_role(arn))
    return fmt::format("the role {} of account {}", role->name, role->account);
  const auto fields = split_arn(arn);
  if (!fields) return "a caller without an ARN";
  const std::string_view resource = (*fields)[5];
  const std::string_view kind = resource.starts_with("user/")             ? "a user"
                                : resource.starts_with("federated-user/") ? "a federated user"
                                : resource == "root"                      ? "the root user"
                                                                          : "a caller";
  return fmt::format("{} of account {}", kind, (*fields)[4]);
}

}  // namespace runpin
