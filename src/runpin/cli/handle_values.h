// Reads handles that must have a value of a certain kind. The first one that has not is kept as the
// error, so that a caller reads what it needs and asks once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runpin/base/result.h"
#include "runpin/canon/decimal.h"
#include "runpin/canon/json.h"
#include "runpin/registry/registry.h"

namespace runpin::cli {

class HandleValues {
 public:
  // Borrows the registry.
  explicit HandleValues(const Registry& registry) : registry_(registry) {}

  // The value, or an empty one with error() set.
  Json value(std::string_view key);
  std::string text(std::string_view key);
  std::vector<std::string> texts(std::string_view key);
  Decimal amount(std::string_view key);  // above zero

  // k_config, `where` = path:line:column.
  const std::optional<Error>& error() const { return error_; }

  // The error that says that `key`, which is resolved, cannot be used: "KEY is no IAM role ARN".
  tl::unexpected<Error> refuse(std::string_view key, std::string_view why, std::string fix) const;

 private:
  void keep(Error error);

  const Registry& registry_;
  std::optional<Error> error_;
};

}  // namespace runpin::cli
