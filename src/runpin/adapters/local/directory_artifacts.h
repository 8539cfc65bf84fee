// Local artifacts as files below one directory.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runpin/adapters/local/fd.h"
#include "runpin/ports/documents.h"

namespace runpin {

// An execution's files are staged in `.staging-ID` beside its later directory ID, and get their
// names all at once, when that directory is renamed; no execution's name begins with a dot. Who
// stages holds a shared flock on the directory of all executions, which goes with the process; what
// a stop left there, the next stage() of any execution takes away when nobody else is staging.
// REQUIRES: one execution id belongs to one process at a time. Not safe for several threads.
class DirectoryArtifacts final : public LocalArtifacts {
 public:
  // `root` is the directory to use, made when first needed; `shown` is its name in messages, as
  // runpin.toml has it.
  DirectoryArtifacts(std::filesystem::path root, std::string shown);

  Result<void> stage(const std::string& execution_id,
                     const std::vector<std::pair<std::string, Bytes>>& files) override;
  Result<void> commit(const std::string& execution_id) override;
  void discard(const std::string& execution_id) override;
  Result<bool> holds(const std::string& execution_id) override;

 private:
  Result<void> open_root();
  Result<void> make_directories(const std::filesystem::path& directory, const std::string& shown);
  Result<void> write_all(const std::string& execution_id,
                         const std::vector<std::pair<std::string, Bytes>>& files);
  void undo(const std::string& execution_id);
  std::string shown(const std::string& execution_id) const;
  std::filesystem::path staging(const std::string& execution_id) const;

  std::filesystem::path root_;
  std::string shown_;
  std::set<std::string> staged_;
  Fd lock_;                                  // held while something is staged
  std::vector<std::filesystem::path> made_;  // root_ and those above it that were not there before
                                             // and are not durable yet, outermost first
};

}  // namespace runpin
