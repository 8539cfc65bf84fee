#include "runpin/workspace/workspace.h"

#include <filesystem>
#include <utility>

#include "runpin/workspace/flaw_list.h"
#include "runpin/workspace/setting_rules.h"
#include "runpin/workspace/toml_document.h"
#include "runpin/workspace/workspace_schema.h"

namespace runpin {
namespace {

class WorkspaceReader {
 public:
  explicit WorkspaceReader(const TomlDocument& document) : document_(document), flaws_(document) {}

  Result<Workspace> read() {
    check_names(document_, flaws_);
    read_inputs();
    read_written();
    read_sources();
    read_cost();
    workspace_.signing_key = setting("signing", "key");
    if (flaws_.empty()) return std::move(workspace_);
    return tl::unexpected(flaws_.first());
  }

 private:
  const toml::node* find(std::string_view table, std::string_view key) const {
    const toml::table* found = document_.root()[table].as_table();
    return found == nullptr ? nullptr : found->get(key);
  }

  // The text that stands in `node`; nothing, and a flaw, when it is of another kind or blank.
  std::optional<Setting> text_of(const toml::node& node, const std::string& name) {
    const auto* text = node.as_string();
    if (text == nullptr) {
      flaw(node, name + ": expected a string, found " + std::string(kind_of(node)),
           "put the value in double quotes");
      return std::nullopt;
    }
    if (const auto wrong = text_flaw(text->get())) {
      flaw(node, name + ": " + wrong->message, wrong->fix);
      return std::nullopt;
    }
    return Setting{text->get(), where_of(node)};
  }

  std::optional<Setting> setting(std::string_view table, std::string_view key) {
    const toml::node* node = find(table, key);
    return node == nullptr ? std::nullopt : text_of(*node, name_of_key(table, key));
  }

  std::vector<Setting> settings(std::string_view table, std::string_view key) {
    std::vector<Setting> all;
    const toml::node* node = find(table, key);
    if (node == nullptr) return all;
    const std::string name = name_of_key(table, key);
    if (!node->is_array()) {
      flaw(*node, name + ": expected a list of strings, found " + std::string(kind_of(*node)),
           "put the value in brackets: [\"…\"]");
      return all;
    }
    for (const toml::node& item : *node->as_array()) {
      if (auto text = text_of(item, name)) all.push_back(std::move(*text));
    }
    return all;
  }

  void read_inputs() {
    workspace_.registry = setting("registry", "path").value_or(Setting{});
    workspace_.m2_receipt = setting("inputs", "m2_receipt").value_or(Setting{});
    workspace_.runbook = setting("inputs", "runbook").value_or(Setting{});
    workspace_.stack_outputs = settings("inputs", "stack_outputs");
    const toml::node* node = find("inputs", "oracle_manifest");
    if (node == nullptr) return;
    const std::string name = "[inputs] oracle_manifest";
    const toml::table* manifest = node->as_table();
    if (manifest == nullptr) {
      flaw(*node, name + ": expected a table, found " + std::string(kind_of(*node)),
           "write oracle_manifest = " + std::string(example_of("inputs", "oracle_manifest")));
      return;
    }
    if (const toml::node* file = manifest->get("file"))
      workspace_.oracle_manifest.file = text_of(*file, name + ".file");
    if (const toml::node* uri = manifest->get("uri"))
      workspace_.oracle_manifest.uri = text_of(*uri, name + ".uri").value_or(Setting{});
  }

  // What runpin writes to.
  void read_written() {
    if (const toml::node* node = find("evidence", "local_root")) {
      if (auto root = text_of(*node, "[evidence] local_root")) {
        check_written(*node, "[evidence] local_root", root->value);
        workspace_.local_root = std::move(*root);
      }
    }
    workspace_.store = backend("evidence", "store", {BackendKind::k_sqlite, BackendKind::k_s3})
                           .value_or(Backend{});
    workspace_.orchestrator =
        backend("orchestrator", "kind", {BackendKind::k_sqlite, BackendKind::k_step_functions})
            .value_or(Backend{});
    workspace_.closure_notes = settings("closure", "notes");
    check_notes();
  }

  void check_written(const toml::node& node, const std::string& name, const std::string& path) {
    if (const auto wrong = written_path_flaw(path))
      flaw(node, name + ": " + wrong->message, wrong->fix);
  }

  void check_notes() {
    const toml::array* notes = document_.root()["closure"]["notes"].as_array();
    if (notes == nullptr) return;
    std::map<std::string, std::string> seen;
    for (const toml::node& node : *notes) {
      const auto* text = node.as_string();
      if (text == nullptr) continue;
      check_written(node, "[closure] notes", text->get());
      const std::string file = std::filesystem::path(text->get()).lexically_normal().string();
      const auto [first, added] = seen.emplace(file, where_of(node));
      if (!added)
        flaw(node,
             "[closure] notes: expected each file once, found one that stands at " + first->second +
                 " already",
             "remove one of the two");
    }
  }

  std::optional<Backend> backend(std::string_view table, std::string_view key,
                                 const std::vector<BackendKind>& allowed) {
    const auto text = setting(table, key);
    if (!text) return std::nullopt;
    auto judged = read_backend(text->value, allowed);
    if (!judged) {
      flaw(*find(table, key), name_of_key(table, key) + ": " + judged.error().message,
           judged.error().fix);
      return std::nullopt;
    }
    judged->where = text->where;
    return *judged;
  }

  void read_sources() {
    const toml::table* sources = document_.root()["sources"].as_table();
    if (sources == nullptr) return;
    for (const auto& [key, node] : *sources) {
      if (!is_source_key(key.str())) {
        flaws_.add(key.source(),
                   "[sources]: expected the name of a handle, found `" + printable(key.str()) + "`",
                   "write it in capitals, digits and underscores, as the registry does");
        continue;
      }
      const auto text = text_of(node, name_of_key("sources", key.str()));
      if (!text) continue;
      auto judged = read_source(text->value);
      if (!judged) {
        flaw(node, name_of_key("sources", key.str()) + ": " + judged.error().message,
             judged.error().fix);
        continue;
      }
      judged->where = text->where;
      workspace_.sources.emplace(key.str(), std::move(*judged));
    }
  }

  void read_cost() {
    workspace_.aws_cost =
        backend("cost", "aws", {BackendKind::k_focus, BackendKind::k_cost_explorer});
    workspace_.databricks_cost = backend("cost", "databricks", {BackendKind::k_focus});
    workspace_.rates = setting("cost", "rates");
  }

  static std::string name_of_key(std::string_view table, std::string_view key) {
    return "[" + std::string(table) + "] " + std::string(key);
  }

  std::string where_of(const toml::node& node) const {
    return where(document_.path(), document_.position(node.source()));
  }

  void flaw(const toml::node& node, std::string message, std::string fix) {
    flaws_.add(node.source(), std::move(message), std::move(fix));
  }

  const TomlDocument& document_;
  Workspace workspace_;
  FlawList flaws_;
};

}  // namespace

std::string_view name_of(SourceClass source) {
  switch (source) {
    case SourceClass::k_registry_literal:
      return "registry_literal";
    case SourceClass::k_m2_handoff:
      return "m2_handoff_artifact";
    case SourceClass::k_stack_output:
      return "stack_output";
  }
  return "registry_literal";
}

HandleSource Workspace::source_of(std::string_view key) const {
  const auto found = sources.find(key);
  return found == sources.end() ? HandleSource{} : found->second;
}

Result<Workspace> Workspace::parse(std::string_view toml, std::string_view path) {
  const auto document = TomlDocument::parse(toml, path);
  if (!document) return tl::unexpected(document.error());
  return WorkspaceReader(*document).read();
}

}  // namespace runpin
