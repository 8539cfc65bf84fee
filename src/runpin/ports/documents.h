// The workspace's own files: what people and other programs wrote, which runpin reads and never
// changes, and the closure notes, to which it only appends. Paths are relative to the workspace, as
// runpin.toml writes them.
#pragma once

#include <string>
#include <vector>

#include "runpin/base/bytes.h"
#include "runpin/base/result.h"
#include "runpin/canon/json.h"

namespace runpin {

class Documents {
 public:
  virtual ~Documents() = default;

  // The whole file. Errors: k_not_found, k_denied, k_io (a directory, a read error); `where` is the
  // path.
  virtual Result<Bytes> read(const std::string& path) = 0;

  // Whether append() would be able to: an existing regular file that can be replaced. Errors as
  // read().
  virtual Result<void> check_appendable(const std::string& path) = 0;

  // Appends `note` unless `marker` already stands in the file; what stands there is never touched.
  // Atomic: a reader sees the file without the note or with it. Durable on success. Errors as
  // read().
  virtual Result<void> append_once(const std::string& path, ByteView marker, ByteView note) = 0;
};

// One output of `terraform output -json`.
struct StackOutput {
  std::string name;
  Json value;  // null where `sensitive`: such a value is never taken in
  bool sensitive = false;
  std::string origin;  // the setting it came from: "inputs/core.outputs.json"
};

class StackOutputs {
 public:
  virtual ~StackOutputs() = default;
  // All outputs of the setting `source`, a file or a Terraform directory, by name. Errors as
  // Documents::read(), and k_malformed with path:line:column.
  virtual Result<std::vector<StackOutput>> read(const std::string& source) = 0;
};

// Local artifacts: `<local_root>/<execution_id>/<name>`.
class LocalArtifacts {
 public:
  virtual ~LocalArtifacts() = default;

  // Step one: every file of the execution written and fsynced; nothing has its own name yet.
  // Errors: k_io, k_denied, k_conflict (the execution has files already); nothing is left behind.
  virtual Result<void> stage(const std::string& execution_id,
                             const std::vector<std::pair<std::string, Bytes>>& files) = 0;
  // Step two: the staged files get their names, all at once and durably.
  virtual Result<void> commit(const std::string& execution_id) = 0;
  // Or: the staged files go away. No error when nothing is staged.
  virtual void discard(const std::string& execution_id) = 0;
  // Whether the execution has files under their own names.
  virtual Result<bool> holds(const std::string& execution_id) = 0;
};

}  // namespace runpin
