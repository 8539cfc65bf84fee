#include "runpin/gate/field_names.h"

#include <fmt/format.h>

#include <set>

#include "runpin/gate/contract.h"
#include "runpin/gate/secret_scan.h"

namespace runpin {
namespace {

struct PinnedField {
  const char* standard;
  const char* handle;
};
constexpr PinnedField k_pinned_fields[] = {{"platform_run_id", "FIELD_PLATFORM_RUN_ID"},
                                           {"scenario_run_id", "FIELD_SCENARIO_RUN_ID"},
                                           {"phase_id", "FIELD_PHASE_ID"},
                                           {"config_digest", "FIELD_CONFIG_DIGEST"},
                                           {"written_at_utc", "FIELD_WRITTEN_AT_UTC"}};

bool is_identifier(const std::string& name) {
  if (name.empty() || name.size() > 64 || (name[0] >= '0' && name[0] <= '9')) return false;
  return name.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
         std::string::npos;
}

Json renamed(const Json& body, const std::map<std::string, std::string>& names) {
  if (!body.is_object()) return body;
  Json result = Json::Object{};
  for (const auto& [key, value] : body.members()) {
    const auto name = names.find(key);
    result.set(name == names.end() ? key : name->second, value);
  }
  return result;
}

}  // namespace

FieldNames::FieldNames() {
  for (const PinnedField& field : k_pinned_fields)
    pinned_by_standard_[field.standard] = field.standard;
}

Result<FieldNames> FieldNames::from(const Registry& registry) {
  FieldNames names;
  std::set<std::string> taken(summary_fields().begin(), summary_fields().end());
  for (const PinnedField& field : k_pinned_fields) taken.erase(field.standard);
  for (const PinnedField& field : k_pinned_fields) {
    const Handle handle = registry.get(field.handle);
    std::string name = field.standard;
    if (handle.state == HandleState::k_resolved) name = handle.value->text();
    const std::string place =
        handle.position() ? where(registry.path(), *handle.position()) : registry.path();
    if (!is_identifier(name) || !scan_secrets(name).empty())
      return fail(ErrorKind::k_config,
                  fmt::format("{} is not the name of a JSON field", field.handle), place,
                  fmt::format("pin it to letters, digits and '_', such as \"{}\"", field.standard));
    if (!taken.insert(name).second)
      return fail(
          ErrorKind::k_config,
          fmt::format("{} pins the field name '{}', which another field of the artifacts has",
                      field.handle, name),
          place, "pin a name of its own");
    names.pinned_by_standard_[field.standard] = name;
  }
  return names;
}

Json FieldNames::to_pinned(const Json& body) const {
  return renamed(body, pinned_by_standard_);
}

Json FieldNames::to_standard(const Json& body) const {
  std::map<std::string, std::string> standard_by_pinned;
  for (const auto& [standard, pinned] : pinned_by_standard_) standard_by_pinned[pinned] = standard;
  return renamed(body, standard_by_pinned);
}

const std::string& FieldNames::pinned(const std::string& standard) const {
  return pinned_by_standard_.at(standard);
}

}  // namespace runpin
