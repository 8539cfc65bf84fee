// Local artifacts as files below one directory.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "runpin/ports/documents.h"

namespace runpin {

// A staged file is called `.staging-NAME` beside its later place; no artifact's name begins with a
// dot. What a crash leaves of these, the next stage() of the same execution takes away. REQUIRES:
// one execution id belongs to one process at a time. Not safe for several threads.
class DirectoryArtifacts final : public LocalArtifacts {
 public:
  // `root` is the directory to use, made when first needed; `shown` is its name in messages, as
  // runpin.toml has it.
  DirectoryArtifacts(std::filesystem::path root, std::string shown);

  Result<void> stage(const std::string& execution_id,
                     const std::vector<std::pair<std::string, Bytes>>& files) override;
  Result<void> commit(const std::string& execution_id) override;
  void discard(const std::string& execution_id) override;

 private:
  struct Staged {
    std::vector<std::string> names;
    std::vector<std::filesystem::path>
        made;  // directories that were not there before, outermost first
  };
  Result<void> stage_all(const std::string& execution_id,
                         const std::vector<std::pair<std::string, Bytes>>& files, Staged& staged);
  Result<void> make_directories(const std::filesystem::path& directory, const std::string& shown,
                                Staged& staged);
  void undo(const std::string& execution_id, const Staged& staged);
  std::string shown(const std::string& execution_id, const std::string& name) const;

  std::filesystem::path root_;
  std::string shown_;
  std::map<std::string, Staged> staged_;
};

}  // namespace runpin
