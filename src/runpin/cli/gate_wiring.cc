#include "runpin/cli/gate_wiring.h"

#include <fmt/format.h>

#include <chrono>

#include "runpin/adapters/focus/focus_cost_source.h"
#include "runpin/adapters/sqlite/sqlite_evidence_store.h"
#include "runpin/adapters/sqlite/sqlite_orchestrator.h"
#include "runpin/canon/digest.h"
#include "runpin/cli/read_file.h"
#include "runpin/lanes/lanes.h"

namespace runpin::cli {
namespace {

constexpr std::size_t k_nonce_bytes = 16;

tl::unexpected<Error> unknown_backend(const Backend& backend, std::string_view setting,
                                      std::string_view known) {
  return fail(ErrorKind::k_config,
              fmt::format("this version of runpin has no such backend for {}", setting),
              backend.where, fmt::format("use {}", known));
}

Result<std::unique_ptr<CostSource>> cost_source(const std::optional<Backend>& backend,
                                                std::string_view setting, Documents& documents) {
  if (!backend) return std::unique_ptr<CostSource>();
  if (backend->kind != BackendKind::k_focus || backend->target.starts_with("s3://"))
    return unknown_backend(*backend, setting, "\"focus:PATH\" with a file of the workspace");
  return std::make_unique<FocusCostSource>(documents, backend->target);
}

std::int64_t monotonic_milliseconds() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

}  // namespace

GateWiring::GateWiring(LoadedWorkspace loaded, Layout layout, FieldNames names)
    : loaded_(std::move(loaded)),
      layout_(std::move(layout)),
      names_(std::move(names)),
      documents_(loaded_.directory),
      stack_outputs_(documents_),
      local_(below(loaded_.directory, loaded_.workspace.local_root.value),
             loaded_.workspace.local_root.value) {}

Result<std::unique_ptr<GateWiring>> GateWiring::make(Context& context) {
  auto loaded = load_workspace(context.directory);
  if (!loaded) return tl::unexpected(loaded.error());
  auto layout = Layout::from(loaded->registry);
  if (!layout) return tl::unexpected(layout.error());
  auto names = FieldNames::from(loaded->registry);
  if (!names) return tl::unexpected(names.error());
  std::unique_ptr<GateWiring> gate(
      new GateWiring(std::move(*loaded), std::move(*layout), std::move(*names)));
  if (auto wired = gate->wire_backends(); !wired) return tl::unexpected(wired.error());
  gate->wire_ports(context);
  return gate;
}

Result<void> GateWiring::wire_backends() {
  const Workspace& workspace = loaded_.workspace;
  const auto file = [&](const Backend& backend) {
    return below(loaded_.directory, backend.target);
  };
  if (workspace.store.kind != BackendKind::k_sqlite)
    return unknown_backend(workspace.store, "evidence.store", "\"sqlite:.runpin/platform.db\"");
  store_ = std::make_unique<SqliteEvidenceStore>(file(workspace.store),
                                                 "sqlite:" + workspace.store.target);
  if (workspace.orchestrator.kind != BackendKind::k_sqlite)
    return unknown_backend(workspace.orchestrator, "orchestrator.kind",
                           "\"sqlite:.runpin/platform.db\"");
  orchestrator_ = std::make_unique<SqliteOrchestrator>(file(workspace.orchestrator),
                                                       "sqlite:" + workspace.orchestrator.target);
  auto aws = cost_source(workspace.aws_cost, "cost.aws", documents_);
  if (!aws) return tl::unexpected(aws.error());
  aws_cost_ = std::move(*aws);
  auto databricks = cost_source(workspace.databricks_cost, "cost.databricks", documents_);
  if (!databricks) return tl::unexpected(databricks.error());
  databricks_cost_ = std::move(*databricks);
  return {};
}

void GateWiring::wire_ports(Context& context) {
  ports_.store = store_.get();
  ports_.orchestrator = orchestrator_.get();
  ports_.documents = &documents_;
  ports_.stack_outputs = &stack_outputs_;
  ports_.local = &local_;
  ports_.aws_cost = aws_cost_.get();
  ports_.databricks_cost = databricks_cost_.get();
  ports_.digest = sha256;
  ports_.nonce = [&context] { return context.random_hex(k_nonce_bytes); };
  ports_.log = [&context](const std::string& line) { context.output.detail(line); };
  ports_.ticks = monotonic_milliseconds;
  chain_.emplace(all_lanes(), ports_, loaded_.workspace, loaded_.registry, layout_, names_);
}

}  // namespace runpin::cli
