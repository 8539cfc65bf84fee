#include "runpin/cli/init_plan.h"

#include <fmt/format.h>

#include "runpin/base/bytes.h"
#include "runpin/canon/digest.h"
#include "runpin/canon/json_writer.h"
#include "runpin/cli/handle_values.h"
#include "runpin/cli/sample_costs.h"
#include "runpin/cli/sample_files.h"
#include "runpin/registry/registry.h"
#include "runpin/workspace/workspace.h"

namespace runpin::cli {
namespace {

constexpr const char* k_settings = "runpin.toml";
constexpr const char* k_registry = "handles.registry.md";
constexpr const char* k_example_manifest_uri =
    "s3://example-object-store/oracle/input_manifest.json";

struct Oracle {
  std::string source_namespace;
  std::string engine_run_id;
  std::string input_root;  // "s3://bucket/oracle/ns/run/"
  std::vector<std::string> output_ids;
  Json sort_keys;
};

Oracle read_oracle(HandleValues& handles) {
  Oracle oracle{handles.text("ORACLE_SOURCE_NAMESPACE"), handles.text("ORACLE_ENGINE_RUN_ID"), "",
                handles.texts("ORACLE_REQUIRED_OUTPUT_IDS"),
                handles.value("ORACLE_SORT_KEY_BY_OUTPUT_ID")};
  std::string prefix = handles.text("S3_ORACLE_INPUT_PREFIX_PATTERN");
  prefix = replace_all(prefix, "{oracle_source_namespace}", oracle.source_namespace);
  prefix = replace_all(prefix, "{oracle_engine_run_id}", oracle.engine_run_id);
  if (!prefix.ends_with('/')) prefix += '/';
  oracle.input_root = "s3://" + handles.text("ORACLE_STORE_BUCKET") + "/" + prefix;
  return oracle;
}

std::string manifest_uri(const Oracle& oracle) {
  return oracle.input_root + "input_manifest.json";
}

// The made-up figures of an output follow from its name alone.
Json manifest_output(const Oracle& oracle, const std::string& id, std::size_t number) {
  return object({{"output_id", id},
                 {"uri", oracle.input_root + "output_id=" + id + "/part-00000.parquet"},
                 {"sha256", sha256("sample output " + id).str()},
                 {"row_count", 120'000 + 4'321 * number},
                 {"sort_key", oracle.sort_keys[id]}});
}

std::string manifest(const Oracle& oracle) {
  Json::Array outputs;
  for (std::size_t i = 0; i < oracle.output_ids.size(); ++i)
    outputs.push_back(manifest_output(oracle, oracle.output_ids[i], i));
  return pretty(object({{"manifest_version", 1},
                        {"generated_at_utc", "2025-01-01T05:00:00Z"},
                        {"oracle_source_namespace", oracle.source_namespace},
                        {"oracle_engine_run_id", oracle.engine_run_id},
                        {"outputs", std::move(outputs)}}));
}

Result<void> add_rendered(InitPlan& plan, const std::string& path,
                          const std::map<std::string, std::string>& values) {
  auto text = render(sample_file(path), values);
  if (!text) return tl::unexpected(text.error());
  plan.files[path] = std::move(*text);
  return {};
}

// What a registry alone determines: its copy, the stack outputs, the state machine.
Result<void> add_registry(InitPlan& plan, const RegistryFile& file, const Registry& registry,
                          HandleValues& handles) {
  auto state_machine = plan_state_machine(registry, std::nullopt, std::nullopt);
  if (!state_machine) return tl::unexpected(state_machine.error());
  std::map<std::string, std::string> values;
  for (const char* key : {"AWS_REGION", "S3_EVIDENCE_BUCKET", "ROLE_STEP_FUNCTIONS_ORCHESTRATOR",
                          "SFN_PLATFORM_RUN_ORCHESTRATOR_V0"})
    values[key] = handles.text(key);
  if (handles.error()) return tl::unexpected(*handles.error());
  plan.files[k_registry] = file.text;
  plan.state_machine = std::move(*state_machine);
  for (const char* path : {"inputs/core.outputs.json", "inputs/runtime.outputs.json"})
    if (auto added = add_rendered(plan, path, values); !added) return added;
  return {};
}

// What the sample adds: everything that other programs and people would have written.
Result<void> add_inputs(InitPlan& plan, HandleValues& handles, const Oracle& oracle) {
  const SampleBilling billing{plan.state_machine->arn.account, handles.text("BUDGET_CURRENCY"),
                              plan.state_machine->arn.region,
                              handles.amount("DEV_FULL_BUDGET_ALERT_1_USD")};
  if (handles.error()) return tl::unexpected(*handles.error());
  plan.files["inputs/input_manifest.json"] = manifest(oracle);
  plan.files["inputs/aws_focus.csv"] = sample_costs_csv(billing);
  for (const char* path : {"inputs/m2j_m3_entry_readiness_receipt.json", "docs/run_process_flow.md",
                           "docs/platform.build_plan.md", "docs/logbook.md"})
    plan.files[path] = sample_file(path);
  return {};
}

// runpin.toml, last of all.
Result<InitPlan> with_settings(InitPlan plan, const std::string& uri) {
  if (auto added = add_rendered(plan, k_settings, {{"oracle_manifest_uri", uri}}); !added)
    return tl::unexpected(added.error());
  return plan;
}

Result<InitPlan> plan_platform(bool sample, const RegistryFile& file, InitPlan plan) {
  const auto registry = Registry::parse(file.text, file.path);
  if (!registry) return tl::unexpected(registry.error());
  HandleValues handles(*registry);
  if (auto added = add_registry(plan, file, *registry, handles); !added)
    return tl::unexpected(added.error());
  const Oracle oracle = read_oracle(handles);
  if (handles.error()) return tl::unexpected(*handles.error());
  if (sample) {
    auto added = add_inputs(plan, handles, oracle);
    if (!added) return tl::unexpected(added.error());
  }
  auto planned = with_settings(std::move(plan), manifest_uri(oracle));
  if (planned && !Workspace::parse(planned->files.at(k_settings), k_settings))
    return handles.refuse("S3_ORACLE_INPUT_PREFIX_PATTERN",
                          "leads, with the oracle's handles filled in, to no plain URI",
                          "take control characters out of the oracle's handles");
  return planned;
}

}  // namespace

Result<InitPlan> plan_init(bool sample, const std::optional<RegistryFile>& registry) {
  InitPlan plan;
  plan.directories = {"docs", "inputs"};
  if (registry) return plan_platform(sample, *registry, std::move(plan));
  if (!sample) return with_settings(std::move(plan), k_example_manifest_uri);
  return plan_platform(sample, {k_registry, std::string(sample_file(k_registry))}, std::move(plan));
}

}  // namespace runpin::cli
