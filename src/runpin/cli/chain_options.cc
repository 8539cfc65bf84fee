#include "runpin/cli/chain_options.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "runpin/canon/json_writer.h"
#include "runpin/cli/gate_wiring.h"
#include "runpin/cli/now_option.h"
#include "runpin/cli/read_file.h"
#include "runpin/cli/show_report.h"

namespace runpin::cli {
namespace {

Result<char> last_lane(const std::string& to) {
  const std::string_view name = to.starts_with("M3.") || to.starts_with("m3.")
                                    ? std::string_view(to).substr(3)
                                    : std::string_view(to);
  const char letter = name.size() == 1 ? static_cast<char>(name[0] | 0x20) : '\0';
  if (letter >= 'a' && letter <= 'j') return letter;
  return fail(ErrorKind::k_usage, fmt::format("'{}' is no lane", to), "--to", "name one of a to j");
}

// How long each lane took: for people who tune, no evidence, and lost without harm.
void write_timings(const RunReport& report, const std::string& directory) {
  Json lanes = Json::Array{};
  for (const auto& [lane, milliseconds] : report.lane_milliseconds)
    lanes.push(object({{"lane", lane}, {"milliseconds", milliseconds}}));
  const std::filesystem::path folder = below(directory, ".runpin/timings");
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  std::ofstream(folder / (report.stamp.str() + ".json"))
      << pretty(object({{"stamp", report.stamp.str()}, {"lanes", lanes}}));
}

}  // namespace

void add_chain_options(CLI::App& app, ChainOptions& options) {
  app.add_option("--to", options.to, "The last lane to run, a to j or M3.A to M3.J (default: j)")
      ->type_name("LANE");
  add_now(app, options.now, "The run's one instant");
  app.footer("Exits 0 on an advance, 3 on HOLD_REMEDIATE, 4 on NO_GO_RESET_REQUIRED.");
}

int run_chain(const ChainOptions& options, Context& context, const ChainCall& call) {
  const auto to = last_lane(options.to);
  if (!to) return context.output.error(to.error());
  const auto now = one_instant(options.now, context);
  if (!now) return context.output.error(now.error());
  const auto gate = GateWiring::make(context);
  if (!gate) return context.output.error(gate.error());
  const auto report = call((*gate)->chain(), *now, *to);
  if (!report) return context.output.error(report.error());
  write_timings(*report, context.directory);
  return show_report(*report, **gate, context.output);
}

}  // namespace runpin::cli
