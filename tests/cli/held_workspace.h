// Sample workspaces whose run is held, for the commands that put receipts on record.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "runpin/adapters/sqlite/sqlite_evidence_store.h"
#include "runpin/base/bytes.h"
#include "tests/adapters/temp_dir.h"
#include "tests/support/sample_workspace.h"

namespace runpin::testing {

inline constexpr const char* k_run_control = "evidence/run_control/";
inline constexpr const char* k_manifest = "inputs/input_manifest.json";

class HeldWorkspace : public SampleWorkspace {
 public:
  HeldWorkspace() : HeldWorkspace(std::make_shared<TempDir>()) {}

  // `runpin ARGUMENTS…`; throws unless it exits with `code`.
  Finished must(int code, std::vector<std::string> arguments) const {
    Finished done = runpin(arguments);
    if (done.exit_code != code)
      throw std::runtime_error("runpin " + join(arguments, " ") + " exits " +
                               std::to_string(done.exit_code) + ": " + done.out + done.err);
    return done;
  }

  // A run that is green up to M3.F and then finds that its oracle manifest has changed: M3G-B2,
  // which is NO_GO.
  void drift() const {
    must(0, {"run", "--to", "f", "--now", "2026-02-23T17:43:07Z"});
    change_manifest();
    must(4, {"resume", "--now", "2026-02-23T17:50:00Z"});
  }
  void change_manifest() const { replace(k_manifest, "{", "{ "); }
  void restore_manifest() const { replace(k_manifest, "{ ", "{"); }

  // What another tool writes into the store.
  void plant(const std::string& key, const std::string& bytes) const {
    SqliteEvidenceStore store(database(), "test");
    const auto put = store.create({ObjectKey(k_run_control + key), bytes});
    if (!put) throw std::runtime_error(one_line(put.error()));
  }

  // The blockers of `status`, by code.
  std::map<std::string, Json> blockers() const {
    std::map<std::string, Json> by_code;
    const Json status = json({"status"});
    for (const Json& lane : status["lanes"].items())
      for (const Json& blocker : lane["blockers"].items())
        by_code.emplace(blocker["code"].text(), blocker);
    return by_code;
  }

 private:
  explicit HeldWorkspace(std::shared_ptr<TempDir> dir)
      : SampleWorkspace(dir->path()), dir_(std::move(dir)) {}
  std::shared_ptr<TempDir> dir_;
};

inline std::vector<std::string> reset_record(std::vector<std::string> further = {}) {
  std::vector<std::string> arguments{
      "reset",   "record",         "--class",  "service_runtime_reset",
      "--actor", "duty@example",   "--reason", "manifest restored",
      "--scope", "oracle manifest"};
  arguments.insert(arguments.end(), further.begin(), further.end());
  return arguments;
}

}  // namespace runpin::testing
