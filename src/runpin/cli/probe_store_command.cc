// runpin probe-store: proves that the configured store keeps write-once under racing writers.
#include <fmt/format.h>

#include "runpin/cli/command.h"
#include "runpin/cli/gate_wiring.h"
#include "runpin/cli/now_option.h"
#include "runpin/gate/store_probe.h"

namespace runpin::cli {
namespace {

struct Options {
  std::optional<std::string> now;
};

constexpr std::size_t k_folder_bytes = 16;

void add(CLI::App& app, Options& options) {
  add_now(app, options.now, "When the store was probed");
  app.footer(
      "Writes a few small objects under the run-control root and leaves them there, with the\n"
      "receipt that M3.A reads. Probe again after the bucket's versioning was changed.\n"
      "Exits 0 when the store keeps write-once, 3 when it was seen not to.");
}

int show(const StoreProbe& probe, const RecordedReceipt& receipt, const std::string& store,
         Output& output) {
  const int code = probe.passed() ? k_success : k_hold;
  output.line(fmt::format("{} {} write-once ({})", store,
                          probe.passed() ? "keeps" : "does not keep",
                          probe.versioned ? "versioned" : "unversioned"));
  for (const std::string& violation : probe.violations) output.line("  " + violation);
  output.line(receipt.key.str());
  output.document(
      object({{"key", receipt.key.str()}, {"receipt", receipt.body}, {"exit_code", code}}));
  return code;
}

int run(const Options& options, Context& context) {
  const auto now = one_instant(options.now, context);
  if (!now) return context.output.error(now.error());
  const auto gate = GateWiring::make(context);
  if (!gate) return context.output.error(gate.error());
  EvidenceStore& store = *(*gate)->ports().store;
  const Layout& layout = (*gate)->layout();
  const ExecutionId id(std::string(k_probe_prefix) + now->stamp() + "_" +
                       context.random_hex(k_folder_bytes));
  const auto probe = probe_store(store, layout.execution_prefix(id));
  if (!probe) return context.output.error(probe.error());
  const auto receipt =
      record_receipt(store, layout, k_probe_prefix, k_probe_name, *now,
                     [&](const ExecutionId&) { return to_json(*probe, store, *now); });
  if (!receipt) return context.output.error(receipt.error());
  return show(*probe, *receipt, store.name(), context.output);
}

}  // namespace

Command probe_store_command() {
  return make_command("probe-store", "Prove that the store keeps write-once under racing writers",
                      add, run);
}

}  // namespace runpin::cli
