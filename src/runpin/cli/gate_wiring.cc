#include "runpin/cli/gate_wiring.h"

#include <fmt/format.h>

#include <chrono>

#include "runpin/adapters/aws/parallel.h"
#include "runpin/adapters/focus/focus_cost_source.h"
#include "runpin/adapters/sqlite/sqlite_evidence_store.h"
#include "runpin/adapters/sqlite/sqlite_orchestrator.h"
#include "runpin/canon/digest.h"
#include "runpin/cli/closure_files.h"
#include "runpin/cli/nearest.h"
#include "runpin/cli/read_file.h"
#include "runpin/cli/sound_evidence.h"
#include "runpin/lanes/lanes.h"

namespace runpin::cli {
namespace {

constexpr std::size_t k_nonce_bytes = 16;

std::int64_t monotonic_milliseconds() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

// A source for a handle that nobody pins is a slip, and the handle that was meant would go
// unchecked.
Result<void> check_sources(const LoadedWorkspace& loaded) {
  const auto& [directory, workspace, registry, text] = loaded;
  for (const auto& [key, source] : workspace.sources) {
    if (registry.get(key).state != HandleState::k_missing) continue;
    std::vector<std::string> names;
    for (const Handle& handle : registry.all()) names.push_back(handle.key);
    const auto meant = nearest(key, names, 1);
    return fail(ErrorKind::k_config,
                fmt::format("[sources] names {}, which {} does not", key, registry.path()),
                below(directory, source.where),
                meant.empty() ? "take the line out, or pin the handle"
                              : fmt::format("did you mean {}?", meant.front()));
  }
  return {};
}

Result<void> check_signing(const LoadedWorkspace& loaded) {
  const auto& key = loaded.workspace.signing_key;
  if (!key) return {};
  return fail(ErrorKind::k_config, "[signing] asks for signed verdicts, and this runpin signs none",
              below(loaded.directory, key->where), "take [signing] out of runpin.toml");
}

}  // namespace

GateWiring::GateWiring(Context& context, LoadedWorkspace loaded, Layout layout, FieldNames names)
    : loaded_(std::move(loaded)),
      layout_(std::move(layout)),
      names_(std::move(names)),
      aws_(context, loaded_.registry),
      files_(loaded_.directory),
      documents_(files_, [this](const std::string& bucket) { return aws_.open_bucket(bucket); }),
      output_files_(documents_),
      stack_outputs_(output_files_, loaded_.directory),
      local_(below(loaded_.directory, loaded_.workspace.local_root.value),
             loaded_.workspace.local_root.value) {}

Result<std::unique_ptr<GateWiring>> GateWiring::make(Context& context) {
  auto loaded = load_workspace(context.directory);
  if (!loaded) return tl::unexpected(loaded.error());
  if (const auto known = check_sources(*loaded); !known) return tl::unexpected(known.error());
  if (const auto unsigned_run = check_signing(*loaded); !unsigned_run)
    return tl::unexpected(unsigned_run.error());
  if (const auto apart = check_closure_files(*loaded); !apart) return tl::unexpected(apart.error());
  auto layout = Layout::from(loaded->registry);
  if (!layout) return tl::unexpected(layout.error());
  auto names = FieldNames::from(loaded->registry);
  if (!names) return tl::unexpected(names.error());
  std::unique_ptr<GateWiring> gate(
      new GateWiring(context, std::move(*loaded), std::move(*layout), std::move(*names)));
  if (auto wired = gate->wire_backends(); !wired) return tl::unexpected(wired.error());
  gate->wire_ports(context);
  return gate;
}

Result<void> GateWiring::wire_store() {
  const Backend& backend = loaded_.workspace.store;
  if (backend.kind == BackendKind::k_s3) {
    auto store = aws_.evidence_store();
    if (!store) return tl::unexpected(store.error());
    store_ = *std::move(store);
  } else {
    store_ = std::make_unique<SqliteEvidenceStore>(below(loaded_.directory, backend.target),
                                                   "sqlite:" + backend.target);
  }
  return {};
}

Result<void> GateWiring::wire_orchestrator() {
  const Backend& backend = loaded_.workspace.orchestrator;
  if (backend.kind == BackendKind::k_step_functions) {
    auto orchestrator = aws_.orchestrator();
    if (!orchestrator) return tl::unexpected(orchestrator.error());
    orchestrator_ = *std::move(orchestrator);
  } else {
    orchestrator_ = std::make_unique<SqliteOrchestrator>(below(loaded_.directory, backend.target),
                                                         "sqlite:" + backend.target);
  }
  return {};
}

// An embedded platform has nobody to ask.
Result<void> GateWiring::wire_caller() {
  const Workspace& workspace = loaded_.workspace;
  if (workspace.store.kind != BackendKind::k_s3 &&
      workspace.orchestrator.kind != BackendKind::k_step_functions)
    return {};
  auto caller = aws_.caller_identity();
  if (!caller) return tl::unexpected(caller.error());
  caller_ = *std::move(caller);
  return {};
}

Result<std::unique_ptr<CostSource>> GateWiring::cost_source(const std::optional<Backend>& backend) {
  if (!backend) return std::unique_ptr<CostSource>();
  if (backend->kind == BackendKind::k_cost_explorer) return aws_.cost_source();
  return std::make_unique<FocusCostSource>(documents_, backend->target);
}

Result<void> GateWiring::wire_backends() {
  if (auto wired = wire_store(); !wired) return wired;
  if (auto wired = wire_orchestrator(); !wired) return wired;
  if (auto wired = wire_caller(); !wired) return wired;
  auto aws = cost_source(loaded_.workspace.aws_cost);
  if (!aws) return tl::unexpected(aws.error());
  aws_cost_ = std::move(*aws);
  auto databricks = cost_source(loaded_.workspace.databricks_cost);
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
  ports_.caller = caller_.get();
  ports_.digest = sha256;
  ports_.evidence_flaw = [this](EvidenceStore& store, const ExecutionId& newest) {
    return first_flaw(*this, store, newest);
  };
  ports_.nonce = [&context] { return context.random_hex(k_nonce_bytes); };
  ports_.log = [&context](const std::string& line) { context.output.detail(line); };
  ports_.ticks = monotonic_milliseconds;
  if (loaded_.workspace.store.kind == BackendKind::k_s3) ports_.at_once = for_each_in_parallel;
  chain_.emplace(all_lanes(), ports_, loaded_.workspace, loaded_.registry, layout_, names_);
}

}  // namespace runpin::cli
