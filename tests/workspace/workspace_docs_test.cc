// docs/workspace.md names every key that runpin.toml may have, and no other.
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "runpin/workspace/workspace_schema.h"

namespace runpin {
namespace {

using Keys = std::set<std::pair<std::string, std::string>>;

// {table, key} of every row that begins with a key, below a heading "## [TABLE]".
Keys documented_keys() {
  std::ifstream file(RUNPIN_SOURCE_DIR "/docs/workspace.md");
  Keys keys;
  std::string table;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("## [")) table = line.substr(4, line.find(']') - 4);
    if (line == "## [" + table + "]" && table == "sources") keys.emplace(table, "");
    if (line.starts_with("| `") && !line.starts_with("| `\""))
      keys.emplace(table, line.substr(3, line.find('`', 3) - 3));
  }
  return keys;
}

TEST(WorkspaceDocs, NameEveryKeyAndNoOther) {
  Keys known;
  for (const auto& [table, key] : known_keys()) known.emplace(table, key);
  EXPECT_EQ(documented_keys(), known);
}

TEST(WorkspaceDocs, ShowTheExampleOfEachKey) {
  std::ifstream file(RUNPIN_SOURCE_DIR "/docs/workspace.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  for (const auto& [table, key] : known_keys()) {
    const std::string example(example_of(table, key));
    EXPECT_NE(text.find(example), std::string::npos) << table << " " << key << " " << example;
  }
}

}  // namespace
}  // namespace runpin
