// A directory tree as plain data, to compare before and after.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "tests/adapters/temp_dir.h"

namespace runpin::testing {

// Every path below `root`: a file's bytes, "<directory>", "<link>" or "<pipe>".
inline std::map<std::string, std::string> tree_of(const std::filesystem::path& root) {
  std::map<std::string, std::string> tree;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    std::string& content = tree[entry.path().lexically_relative(root)];
    if (entry.is_symlink())
      content = "<link>";
    else if (entry.is_fifo())
      content = "<pipe>";
    else
      content = entry.is_directory() ? "<directory>" : read_file(entry.path());
  }
  return tree;
}

}  // namespace runpin::testing
