// The registry pins the names of five fields (FIELD_*, CONFIG_DIGEST_FIELD); artifacts carry those
// names at their top level. Lanes speak the standard names only; the engine translates on the way
// out and back in.
#pragma once

#include <map>
#include <string>

#include "runpin/base/result.h"
#include "runpin/canon/json.h"
#include "runpin/registry/registry.h"

namespace runpin {

class FieldNames {
 public:
  // Every field under its standard name.
  FieldNames();

  // The names that the registry pins; a handle that is not resolved keeps the standard name, for
  // M3.A to refuse. k_config when a pinned name is no identifier, or is that of another field.
  static Result<FieldNames> from(const Registry& registry);

  // The inverse of recorded(); the standard name for what is no name there.
  static FieldNames from_recorded(const Json& recorded);
  // {standard: pinned} of every pinned field, as a summary records it.
  Json recorded() const;

  // Top-level members renamed: standard to pinned, and back.
  Json to_pinned(const Json& body) const;
  Json to_standard(const Json& body) const;

  const std::string& pinned(const std::string& standard) const;

 private:
  std::map<std::string, std::string> pinned_by_standard_;
};

}  // namespace runpin
