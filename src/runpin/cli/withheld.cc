#include "runpin/cli/withheld.h"

#include <fmt/format.h>

#include "runpin/canon/json_writer.h"
#include "runpin/gate/secret_scan.h"

namespace runpin::cli {
namespace {

Json clean_value(std::string_view name, const Json& value) {
  const auto secrets = scan_named_value(name, value);
  if (secrets.empty()) return value;
  const std::string otherwise = withheld_by(secrets.front().rule);
  if (value.is_object()) {
    Json clean = Json::Object{};
    for (const auto& [key, member] : value.members())
      clean.set(without_secrets(key), clean_value(key, member));
    return scan_named_value(name, clean).empty() ? clean : Json(otherwise);
  }
  if (!value.is_array()) return otherwise;
  Json clean = Json::Array{};
  for (const Json& item : value.items()) clean.push(clean_value(name, item));
  return scan_named_value(name, clean).empty() ? clean : Json(otherwise);
}

}  // namespace

std::string withheld_by(std::string_view rule) {
  return fmt::format("[withheld: {}]", rule);
}

std::string without_secrets(std::string_view text) {
  const auto secrets = scan_secrets(text);
  return secrets.empty() ? std::string(text) : withheld_by(secrets.front().rule);
}

Json document_without_secrets(const Json& document) {
  return clean_value("", document);
}

}  // namespace runpin::cli
