// runpin.toml into a Workspace. Pure: paths stay as they are written there, relative to the
// workspace, so that no directory of this machine reaches an artifact.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runpin/base/position.h"
#include "runpin/base/result.h"

namespace runpin {

// Where a value in runpin.toml stands, for messages: "runpin.toml:12:14".
struct Setting {
  std::string value;
  std::string where;
};

// `oracle_manifest = { uri = "s3://…", file = "inputs/input_manifest.json" }`
struct ManifestSetting {
  Setting uri;
  std::optional<Setting> file;  // absent: fetched from `uri`
};

// "registry", "output:NAME" or "m2:FIELD": where a handle's value comes from. One class only for
// each handle.
enum class SourceClass { k_registry_literal, k_m2_handoff, k_stack_output };
std::string_view name_of(
    SourceClass source);  // "registry_literal", "m2_handoff_artifact", "stack_output"
struct HandleSource {
  SourceClass source = SourceClass::k_registry_literal;
  std::string name;   // the output's or field's name; "" for a registry literal
  std::string where;  // "" when the registry's literal is only the default
};

// "sqlite:PATH", or the word alone ("s3", "step-functions", "cost-explorer"), or "focus:PATH".
enum class BackendKind { k_sqlite, k_s3, k_step_functions, k_focus, k_cost_explorer };
struct Backend {
  BackendKind kind = BackendKind::k_sqlite;
  std::string target;  // the path or URI behind the colon; "" where the kind takes none
  std::string where;
};

struct Workspace {
  Setting registry;
  Setting m2_receipt;
  ManifestSetting oracle_manifest;
  std::vector<Setting> stack_outputs;
  Setting runbook;
  Setting local_root;
  Backend store;
  Backend orchestrator;
  std::map<std::string, HandleSource, std::less<>> sources;  // only those that runpin.toml names
  std::optional<Backend> aws_cost;
  std::optional<Backend> databricks_cost;
  std::optional<Setting> rates;
  std::optional<Setting> signing_key;
  std::vector<Setting> closure_notes;

  // The source of `key`: what runpin.toml says, else the registry's literal.
  HandleSource source_of(std::string_view key) const;

  // k_config with path:line:column for TOML that does not parse, an unknown table or key, a missing
  // required key, a value of the wrong kind, an unknown source or backend, an absolute or climbing
  // ("..") path for anything that runpin writes. `path` names the text in messages.
  static Result<Workspace> parse(std::string_view toml, std::string_view path);
};

}  // namespace runpin
