// A directory tree that appears whole or not at all: built under a temporary name beside its place,
// then moved there. Whoever builds one holds an flock on it, which goes with the process.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runpin/adapters/local/fd.h"
#include "runpin/base/result.h"

namespace runpin::cli {

class NewTree {
 public:
  // Takes away what a stop left of earlier trees for `target`. `last` is their last file: where it
  // stands in its place, the tree is whole and only its temporary name goes.
  static void sweep(const std::filesystem::path& target, const std::string& last);

  // Starts a tree for `target`: a directory that may exist, or whose parents may be missing.
  // `nonce` makes the temporary name one's own. Errors: k_config (a file stands at `target`),
  // k_denied, k_io.
  static Result<NewTree> start(const std::filesystem::path& target, const std::string& nonce);

  // Takes away whatever was made, unless finish() succeeded.
  ~NewTree();
  NewTree(NewTree&& other) noexcept;
  NewTree& operator=(NewTree&&) = delete;

  // Where the tree is being built; anything may be made below it.
  const std::filesystem::path& stage() const { return stage_; }

  // Adds a file, durably. `path` is relative; its directories are made. Errors: k_denied, k_io.
  Result<void> add_file(const std::string& path, const std::string& content);
  Result<void> add_directory(const std::string& path);

  // Moves the tree into place; the file `last` goes last. A target that existed keeps what it
  // holds: k_config when one of the new files is there already. On an error the target is as it
  // was.
  Result<void> finish(const std::string& last);

 private:
  NewTree() = default;
  Result<void> move_whole();
  Result<void> move_into_existing(const std::string& last);
  Result<void> move_one(const std::filesystem::path& relative);
  void undo();

  std::filesystem::path target_;
  std::filesystem::path stage_;
  Fd lock_;  // on stage_
  bool target_existed_ = false;
  bool active_ = false;
  std::vector<std::filesystem::path> made_directories_;  // outermost first
  std::vector<std::filesystem::path> moved_files_;
};

}  // namespace runpin::cli
