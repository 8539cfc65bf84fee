#include "runpin/cli/now_option.h"

namespace runpin::cli {

void add_now(CLI::App& app, std::optional<std::string>& now, const std::string& what) {
  app.add_option("--now", now, what + ", RFC 3339 in UTC (default: the clock)")
      ->type_name("INSTANT");
}

Result<Instant> one_instant(const std::optional<std::string>& now, const Context& context) {
  if (!now) return context.now();
  return Instant::parse_rfc3339(*now).map_error([](Error error) {
    error.where = "--now";
    return error;
  });
}

}  // namespace runpin::cli
