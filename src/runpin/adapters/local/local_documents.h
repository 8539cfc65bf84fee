// The workspace's files on this machine's disk.
#pragma once

#include <filesystem>

#include "runpin/ports/documents.h"

namespace runpin {

// Messages show paths as they are passed in, never below which directory they lie. Files over 64
// MiB are k_io.
//
// append_once() holds an flock on the file's directory meanwhile, so that processes append one
// after another; the lock goes with its holder. A symbolic link stays, its target is replaced; mode
// and, where permitted, owner are kept. A file that another program changes at that moment is read
// again. A crash may leave `.NAME.runpin-new` beside the file, which the next append takes away.
class LocalDocuments final : public Documents {
 public:
  explicit LocalDocuments(std::filesystem::path root) : root_(std::move(root)) {}

  Result<Bytes> read(const std::string& path) override;
  Result<void> check_appendable(const std::string& path) override;
  // REQUIRES: `marker` is not empty and stands in `note`.
  Result<void> append_once(const std::string& path, ByteView marker, ByteView note) override;

 private:
  std::filesystem::path root_;
};

}  // namespace runpin
