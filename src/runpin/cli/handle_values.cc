#include "runpin/cli/handle_values.h"

#include <fmt/format.h>

#include <utility>

#include "runpin/base/position.h"

namespace runpin::cli {
namespace {

std::string place_of(const Registry& registry, const Handle& handle) {
  const auto position = handle.position();
  return position ? where(registry.path(), *position) : registry.path();
}

}  // namespace

Json HandleValues::value(std::string_view key) {
  Handle handle = registry_.get(key);
  if (handle.value) return std::move(*handle.value);
  keep({ErrorKind::k_config,
        fmt::format("the registry has no value for {}: {}", key, name_of(handle.state)),
        place_of(registry_, handle), fmt::format("pin it as `* `{} = VALUE``", key)});
  return {};
}

std::string HandleValues::text(std::string_view key) {
  const Json found = value(key);
  if (const std::string* text = found.if_string()) return *text;
  if (!found.is_null()) keep(refuse(key, "is no string", "write it in quotes").value());
  return {};
}

std::vector<std::string> HandleValues::texts(std::string_view key) {
  const Json found = value(key);
  if (auto texts = found.strings(); texts && !texts->empty()) return std::move(*texts);
  if (!found.is_null())
    keep(refuse(key, "is no list of strings", "write it as [\"a\", \"b\"]").value());
  return {};
}

Decimal HandleValues::amount(std::string_view key) {
  const Json found = value(key);
  const JsonNumber* number = found.if_number();
  const auto amount = number ? Decimal::parse(number->text) : Result<Decimal>(Decimal());
  if (amount && *amount > Decimal()) return *amount;
  if (!found.is_null())
    keep(refuse(key, "is no amount above zero", "write it as a number, without quotes").value());
  return {};
}

tl::unexpected<Error> HandleValues::refuse(std::string_view key, std::string_view why,
                                           std::string fix) const {
  return fail(ErrorKind::k_config, fmt::format("{} {}", key, why),
              place_of(registry_, registry_.get(key)), std::move(fix));
}

void HandleValues::keep(Error error) {
  if (!error_) error_ = std::move(error);
}

}  // namespace runpin::cli
