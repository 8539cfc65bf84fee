#include "runpin/cli/closure_files.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>
#include <vector>

#include "runpin/cli/read_file.h"

namespace runpin::cli {
namespace {

namespace fs = std::filesystem;

struct KeptFile {
  std::string setting;  // how people know it: "[registry] path"
  std::string path;
};

void add_backend(std::vector<KeptFile>& files, const char* setting,
                 const std::optional<Backend>& backend) {
  if (!backend) return;
  if (backend->kind == BackendKind::k_focus) files.push_back({setting, backend->target});
  if (backend->kind == BackendKind::k_sqlite)
    for (const char* beside : {"", "-wal", "-shm", "-journal"})
      files.push_back({setting, backend->target + beside});
}

std::vector<KeptFile> kept_files(const Workspace& workspace) {
  std::vector<KeptFile> files{{"runpin.toml", "runpin.toml"},
                              {"[registry] path", workspace.registry.value},
                              {"[inputs] m2_receipt", workspace.m2_receipt.value},
                              {"[inputs] runbook", workspace.runbook.value}};
  if (workspace.oracle_manifest.file)
    files.push_back({"[inputs] oracle_manifest", workspace.oracle_manifest.file->value});
  for (const Setting& outputs : workspace.stack_outputs)
    files.push_back({"[inputs] stack_outputs", outputs.value});
  add_backend(files, "[evidence] store", workspace.store);
  add_backend(files, "[orchestrator] kind", workspace.orchestrator);
  add_backend(files, "[cost] aws", workspace.aws_cost);
  add_backend(files, "[cost] databricks", workspace.databricks_cost);
  if (workspace.rates) files.push_back({"[cost] rates", workspace.rates->value});
  if (workspace.signing_key) files.push_back({"[signing] key", workspace.signing_key->value});
  return files;
}

bool same_file(const fs::path& one, const fs::path& other) {
  std::error_code failed;
  if (fs::equivalent(one, other, failed) && !failed) return true;
  const fs::path first = fs::weakly_canonical(one, failed);
  return !failed && first == fs::weakly_canonical(other, failed) && !failed;
}

// Whether `file`, or the directory it lies in, is `directory` or lies below it.
bool lies_below(const fs::path& file, const fs::path& directory) {
  std::error_code failed;
  const fs::path root = fs::weakly_canonical(directory, failed);
  const fs::path inner = failed ? fs::path() : fs::weakly_canonical(file, failed);
  if (failed) return false;
  for (fs::path at = inner; at.has_relative_path(); at = at.parent_path())
    if (at == root) return true;
  return false;
}

// What of the workspace the note's file is, or ""; for people.
std::string kept_as(const LoadedWorkspace& loaded, const fs::path& note) {
  const auto& [directory, workspace, registry, text] = loaded;
  for (const KeptFile& file : kept_files(workspace))
    if (same_file(note, below(directory, file.path))) return "the file of " + file.setting;
  if (lies_below(note, below(directory, ".runpin"))) return "a file below .runpin";
  if (lies_below(note, below(directory, workspace.local_root.value)))
    return "a file below [evidence] local_root";
  return "";
}

}  // namespace

Result<void> check_closure_files(const LoadedWorkspace& loaded) {
  for (const Setting& note : loaded.workspace.closure_notes) {
    const std::string kept = kept_as(loaded, below(loaded.directory, note.value));
    if (!kept.empty())
      return fail(ErrorKind::k_config,
                  fmt::format("[closure] notes: expected a file that runpin does not keep or read, "
                              "found {}",
                              kept),
                  below(loaded.directory, note.where),
                  "name a file of people's own notes, such as docs/logbook.md");
  }
  return {};
}

}  // namespace runpin::cli
