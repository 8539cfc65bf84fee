// The gate on this workspace: adapters chosen by runpin.toml, wired to the lanes. The only place
// that knows both.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "runpin/adapters/aws/s3_documents.h"
#include "runpin/adapters/local/directory_artifacts.h"
#include "runpin/adapters/local/file_stack_outputs.h"
#include "runpin/adapters/local/local_documents.h"
#include "runpin/adapters/local/terraform_outputs.h"
#include "runpin/cli/aws_backends.h"
#include "runpin/cli/context.h"
#include "runpin/cli/load_workspace.h"
#include "runpin/gate/chain.h"

namespace runpin::cli {

// Owns everything the chain refers to; does not move.
class GateWiring {
 public:
  // k_config when the registry cannot say where evidence goes, or the user's AWS settings cannot be
  // used. Nothing is written, and no store is opened before it is first asked.
  static Result<std::unique_ptr<GateWiring>> make(Context& context);

  const LoadedWorkspace& loaded() const { return loaded_; }
  const Layout& layout() const { return layout_; }
  const FieldNames& names() const { return names_; }
  const Ports& ports() const { return ports_; }
  Chain& chain() { return *chain_; }

 private:
  GateWiring(Context& context, LoadedWorkspace loaded, Layout layout, FieldNames names);
  Result<void> wire_backends();
  Result<void> wire_store();
  Result<void> wire_orchestrator();
  Result<void> wire_caller();
  Result<std::unique_ptr<CostSource>> cost_source(const std::optional<Backend>& backend);
  void wire_ports(Context& context);

  LoadedWorkspace loaded_;
  Layout layout_;
  FieldNames names_;
  AwsBackends aws_;
  LocalDocuments files_;
  S3Documents documents_;
  FileStackOutputs output_files_;
  TerraformOutputs stack_outputs_;
  DirectoryArtifacts local_;
  std::unique_ptr<EvidenceStore> store_;
  std::unique_ptr<Orchestrator> orchestrator_;
  std::unique_ptr<CostSource> aws_cost_;
  std::unique_ptr<CostSource> databricks_cost_;
  std::unique_ptr<CallerIdentity> caller_;
  Ports ports_;
  std::optional<Chain> chain_;
};

}  // namespace runpin::cli
