// runpin.toml.
#include "runpin/workspace/workspace.h"

#include <fmt/format.h>

#include "fuzz/property.h"
#include "runpin/base/bytes.h"

namespace runpin::fuzz {
namespace {

constexpr std::string_view k_path = "runpin.toml";

std::string quoted(const std::string& text) {
  std::string toml = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') toml += '\\';
    toml += c;
  }
  return toml + '"';
}

std::string quoted(const std::vector<Setting>& settings) {
  std::vector<std::string> each;
  for (const Setting& setting : settings) each.push_back(quoted(setting.value));
  return "[" + join(each, ", ") + "]";
}

std::string quoted(const Backend& backend) {
  static const char* const k_words[] = {"sqlite", "s3", "step-functions", "focus", "cost-explorer"};
  const std::string word = k_words[static_cast<int>(backend.kind)];
  return quoted(backend.target.empty() ? word : word + ":" + backend.target);
}

std::string quoted(const HandleSource& source) {
  switch (source.source) {
    case SourceClass::k_stack_output:
      return quoted("output:" + source.name);
    case SourceClass::k_m2_handoff:
      return quoted("m2:" + source.name);
    default:
      return quoted(std::string("registry"));
  }
}

std::string rendered(const Workspace& w) {
  std::string manifest = "uri = " + quoted(w.oracle_manifest.uri.value);
  if (w.oracle_manifest.file) manifest += ", file = " + quoted(w.oracle_manifest.file->value);
  std::string toml = fmt::format(
      "registry = {{ path = {} }}\n"
      "[inputs]\nm2_receipt = {}\noracle_manifest = {{ {} }}\nstack_outputs = {}\nrunbook = {}\n"
      "[evidence]\nlocal_root = {}\nstore = {}\n[orchestrator]\nkind = {}\n[cost]\n",
      quoted(w.registry.value), quoted(w.m2_receipt.value), manifest, quoted(w.stack_outputs),
      quoted(w.runbook.value), quoted(w.local_root.value), quoted(w.store), quoted(w.orchestrator));
  if (w.aws_cost) toml += "aws = " + quoted(*w.aws_cost) + "\n";
  if (w.databricks_cost) toml += "databricks = " + quoted(*w.databricks_cost) + "\n";
  if (w.rates) toml += "rates = " + quoted(w.rates->value) + "\n";
  if (w.signing_key) toml += "[signing]\nkey = " + quoted(w.signing_key->value) + "\n";
  toml += "[closure]\nnotes = " + quoted(w.closure_notes) + "\n[sources]\n";
  for (const auto& [key, source] : w.sources) toml += key + " = " + quoted(source) + "\n";
  return toml;
}

void must_be_a_place(const std::string& where, std::string_view toml) {
  must_explain({ErrorKind::k_config, "a setting", where, ""}, toml, k_path);
}

}  // namespace

void examine(std::string_view input) {
  const auto workspace = Workspace::parse(input, k_path);
  if (!workspace) {
    must(workspace.error().kind == ErrorKind::k_config, "a flawed runpin.toml is k_config");
    return must_explain(workspace.error(), input, k_path);
  }
  must_be_a_place(workspace->registry.where, input);
  must_be_a_place(workspace->oracle_manifest.uri.where, input);
  must_be_a_place(workspace->store.where, input);
  for (const Setting& note : workspace->closure_notes) must_be_a_place(note.where, input);
  for (const auto& [key, source] : workspace->sources) must_be_a_place(source.where, input);
  const std::string toml = rendered(*workspace);
  const auto again = Workspace::parse(toml, k_path);
  must(again.has_value(), "a workspace that is written down again can be read");
  must(rendered(*again) == toml, "a workspace reads back as it was written down");
}

}  // namespace runpin::fuzz
