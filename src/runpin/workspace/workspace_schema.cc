#include "runpin/workspace/workspace_schema.h"

#include <algorithm>
#include <vector>

#include "runpin/base/bytes.h"
#include "runpin/workspace/setting_rules.h"

namespace runpin {
namespace {

struct KnownKey {
  std::string_view name;
  bool required;
  std::string_view example;
};

struct KnownTable {
  std::string_view name;
  std::vector<KnownKey> keys;  // none: any handle's name
};

const std::vector<KnownTable> k_tables = {
    {"registry", {{"path", true, "\"handles.registry.md\""}}},
    {"inputs",
     {{"m2_receipt", true, "\"inputs/m2j_m3_entry_readiness_receipt.json\""},
      {"oracle_manifest", true,
       "{ uri = \"s3://BUCKET/KEY\", file = \"inputs/input_manifest.json\" }"},
      {"stack_outputs", false, "[\"inputs/core.outputs.json\"]"},
      {"runbook", true, "\"docs/run_process_flow.md\""}}},
    {"evidence",
     {{"local_root", true, "\"runs/dev_substrate/dev_full/m3\""},
      {"store", true, "\"sqlite:.runpin/platform.db\""}}},
    {"sources", {}},
    {"orchestrator", {{"kind", true, "\"sqlite:.runpin/platform.db\""}}},
    {"cost",
     {{"aws", true, "\"focus:inputs/aws_focus.csv\""},
      {"databricks", false, "\"focus:inputs/databricks_focus.csv\""},
      {"rates", false, "\"inputs/fx.json\""}}},
    {"signing", {{"key", false, "\"keys/runpin.pem\""}}},
    {"closure", {{"notes", false, "[\"docs/logbook.md\"]"}}},
};

constexpr std::string_view k_manifest = "oracle_manifest";
const std::vector<KnownKey> k_manifest_keys = {{"uri", true, "\"s3://BUCKET/KEY\""},
                                               {"file", false, "\"inputs/input_manifest.json\""}};

template <class T>
std::vector<std::string_view> names_of(const std::vector<T>& known) {
  std::vector<std::string_view> names;
  for (const T& entry : known) names.push_back(entry.name);
  return names;
}

std::string ticked(std::string_view text) {
  return "`" + std::string(text) + "`";
}

std::string listed(const std::vector<std::string_view>& names) {
  std::vector<std::string> each;
  for (const std::string_view name : names) each.push_back(ticked(name));
  return join(each, ", ");
}

class NameCheck {
 public:
  NameCheck(const TomlDocument& document, FlawList& flaws) : document_(document), flaws_(flaws) {}

  void run() {
    for (const auto& [key, node] : document_.root()) {
      const auto known =
          std::find_if(k_tables.begin(), k_tables.end(),
                       [name = key.str()](const KnownTable& table) { return table.name == name; });
      if (known == k_tables.end()) {
        unknown("table", key, names_of(k_tables));
      } else if (!node.is_table()) {
        flaws_.add(
            node.source(),
            ticked(key.str()) + ": expected a table, found " + std::string(kind_of(node)),
            "write [" + std::string(key.str()) + "] on a line of its own and its keys below");
      } else if (!known->keys.empty()) {
        check_keys(*node.as_table(), known->keys);
      }
    }
    for (const KnownTable& table : k_tables) check_required(table);
    check_manifest();
  }

 private:
  void check_keys(const toml::table& table, const std::vector<KnownKey>& known) {
    const auto names = names_of(known);
    for (const auto& [key, node] : table) {
      if (std::find(names.begin(), names.end(), key.str()) == names.end())
        unknown("key", key, names);
    }
  }

  void check_required(const KnownTable& known) {
    const toml::node* node = document_.root().get(known.name);
    if (node != nullptr && !node->is_table()) return;
    for (const KnownKey& key : known.keys) {
      const bool there = node != nullptr && node->as_table()->contains(key.name);
      if (key.required && !there)
        missing(node == nullptr ? document_.root() : *node, "[" + std::string(known.name) + "]",
                key);
    }
  }

  void check_manifest() {
    const toml::table* manifest = document_.root()["inputs"][k_manifest].as_table();
    if (manifest == nullptr) return;
    check_keys(*manifest, k_manifest_keys);
    if (!manifest->contains("uri"))
      missing(*manifest, "[inputs] oracle_manifest", k_manifest_keys[0]);
  }

  void missing(const toml::node& at, const std::string& table, const KnownKey& key) {
    flaws_.add(
        at.source(), table + ": expected the key " + ticked(key.name) + ", found none",
        "write " + std::string(key.name) + " = " + std::string(key.example) + " in " + table);
  }

  void unknown(std::string_view what, const toml::key& key,
               const std::vector<std::string_view>& known) {
    flaws_.add_unknown(key,
                       "expected a known " + std::string(what) + " (" + listed(known) +
                           "), found " + ticked(printable(key.str())),
                       fix_for(key.str(), known));
  }

  static std::string fix_for(std::string_view name, const std::vector<std::string_view>& known) {
    const std::string_view nearest = nearest_name(name, known);
    if (!nearest.empty()) return "did you mean " + ticked(nearest) + "?";
    for (const KnownTable& table : k_tables) {
      const auto names = names_of(table.keys);
      if (std::find(names.begin(), names.end(), name) != names.end())
        return "move it to [" + std::string(table.name) + "]";
    }
    return "remove it";
  }

  const TomlDocument& document_;
  FlawList& flaws_;
};

}  // namespace

void check_names(const TomlDocument& document, FlawList& flaws) {
  NameCheck(document, flaws).run();
}

std::vector<std::pair<std::string_view, std::string>> known_keys() {
  std::vector<std::pair<std::string_view, std::string>> all;
  for (const KnownTable& table : k_tables) {
    if (table.keys.empty()) all.emplace_back(table.name, "");
    for (const KnownKey& key : table.keys) {
      all.emplace_back(table.name, key.name);
      if (key.name != k_manifest) continue;
      for (const KnownKey& part : k_manifest_keys)
        all.emplace_back(table.name, std::string(k_manifest) + "." + std::string(part.name));
    }
  }
  return all;
}

std::string_view example_of(std::string_view table, std::string_view key) {
  for (const KnownTable& known : k_tables) {
    for (const KnownKey& candidate : known.keys) {
      if (known.name == table && candidate.name == key) return candidate.example;
    }
  }
  return {};
}

std::string printable(std::string_view name) {
  std::string shown(name);
  std::replace_if(
      shown.begin(), shown.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
  return shown;
}

}  // namespace runpin
