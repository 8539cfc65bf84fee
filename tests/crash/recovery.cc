#include "tests/crash/recovery.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <set>

#include "runpin/canon/digest.h"

namespace runpin::testing {
namespace {

namespace fs = std::filesystem;
using Files = std::map<std::string, std::string>;

constexpr std::string_view k_executions = "/run_control/";

class Flaws {
 public:
  void unless(bool holds, const std::string& what) {
    if (!holds) text_ += what + "\n";
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

bool is_note_of_attempts(const std::string& name) {
  return name == "reservation.json" || name == "continued_by.json" || name == "starts_at.json";
}

// Objects by "<execution_id>/<name>", without what tells of attempts.
Files committed(const Files& durable) {
  Files files;
  for (const auto& [key, bytes] : durable) {
    const auto at = key.find(k_executions);
    if (at == std::string::npos) continue;
    const std::string rest = key.substr(at + k_executions.size());
    if (!is_note_of_attempts(rest.substr(rest.find('/') + 1)) && rest.starts_with("m3"))
      files[rest] = bytes;
  }
  return files;
}

std::string execution_of(const std::string& path) {
  return path.substr(0, path.find('/'));
}

// The same bytes under a key that the registry pins beside the artifact's own.
bool is_copy(const std::string& path, const std::string& bytes, const Files& files) {
  const std::string id = execution_of(path);
  return files.contains(id + "/" + id.substr(0, 3) + "_execution_summary.json") &&
         !path.substr(id.size() + 1).starts_with("m3") &&
         std::any_of(files.begin(), files.end(), [&](const auto& other) {
           return other.first != path && execution_of(other.first) == id && other.second == bytes;
         });
}

// Where there is any artifact of an execution, there is its summary, and they are the same by
// SHA-256.
void check_executions(const Files& files, Flaws& flaws) {
  std::set<std::string> listed;
  for (const auto& [path, bytes] : files) {
    const std::string id = execution_of(path);
    if (path != id + "/" + id.substr(0, 3) + "_execution_summary.json") continue;
    listed.insert(path);
    const Json summary = parsed(bytes);
    for (const Json& entry : summary["artifacts"].items()) {
      const std::string name = id + "/" + entry["name"].text();
      const auto found = files.find(name);
      flaws.unless(found != files.end() && sha256(found->second).str() == entry["sha256"].text(),
                   name + " is not as its summary lists it");
      listed.insert(name);
    }
  }
  for (const auto& [path, bytes] : files)
    flaws.unless(listed.contains(path) || is_copy(path, bytes, files), path + " is an orphan");
}

void check_claims(const Files& durable, const std::string& run_id, Flaws& flaws) {
  std::set<std::string> ids;
  int of_this_run = 0;
  for (const auto& [key, bytes] : durable) {
    if (!key.ends_with("/run_pin/claim.json")) continue;
    const std::string id = parsed(bytes)["platform_run_id"].text();
    flaws.unless(ids.insert(id).second, id + " is claimed twice");
    if (id == run_id) ++of_this_run;
  }
  flaws.unless(of_this_run == 1, "the run is claimed " + std::to_string(of_this_run) + " times");
}

void check_files(const SampleWorkspace& workspace, Flaws& flaws) {
  for (const auto& entry : fs::recursive_directory_iterator(workspace.root())) {
    const std::string name = entry.path().filename();
    const bool hidden = name.starts_with(".") && name != ".runpin";
    flaws.unless(!hidden && !name.ends_with("-wal") && !name.ends_with("-shm"),
                 "left behind: " + entry.path().lexically_relative(workspace.root()).string());
    flaws.unless(!entry.is_directory() || !fs::is_empty(entry.path()) ||
                     !entry.path().filename().string().starts_with("m3"),
                 "an empty directory: " + name);
  }
}

std::size_t count(const std::string& text, const std::string& wanted) {
  std::size_t found = 0;
  for (auto at = text.find(wanted); at != std::string::npos; at = text.find(wanted, at + 1))
    ++found;
  return found;
}

void check_notes(const SampleWorkspace& workspace, const std::string& verdict_id, Flaws& flaws) {
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(workspace.root() / "docs")) {
    const std::string text = workspace.read(entry.path().lexically_relative(workspace.root()));
    if (!text.ends_with("`\n") && count(text, "<!-- runpin ") == 0) continue;  // no closure notes
    ++files;
    flaws.unless(count(text, "<!-- runpin " + verdict_id + " -->") == 1,
                 entry.path().filename().string() + " does not hold one note of the run");
  }
  flaws.unless(files > 0, "no document holds a closure note");
}

void check_database(const SampleWorkspace& workspace, Flaws& flaws) {
  SQLite::Database db(workspace.database().string(), SQLite::OPEN_READONLY);
  const std::string answer = db.execAndGet("PRAGMA integrity_check").getString();
  flaws.unless(answer == "ok", "integrity_check: " + answer);
}

std::string verdict_execution(const Json& status) {
  for (const Json& lane : status["lanes"].items())
    if (lane["lane"].text() == "M3.J") return lane["execution_id"].text();
  return "";
}

}  // namespace

SampleWorkspace copy_of(const SampleWorkspace& workspace, const fs::path& place) {
  fs::remove_all(place);
  fs::copy(workspace.root(), place, fs::copy_options::recursive);
  return SampleWorkspace::standing_at(place);
}

Recovery recover(const SampleWorkspace& workspace, const std::string& now) {
  Recovery recovery;
  const auto command = [&](const std::string& word) {
    const Finished done = workspace.runpin({word, "--now", now});
    recovery.said += word + " exits " + std::to_string(done.exit_code) + ": " + done.err + "\n";
    return done;
  };
  Finished done = command("resume");
  if (done.exit_code == 2 && done.err.find("there is no run to resume") != std::string::npos)
    done = command("run");
  recovery.advanced =
      done.exit_code == 0 ||
      (done.exit_code == 2 && done.err.find("is complete with ADVANCE_TO_M4") != std::string::npos);
  return recovery;
}

std::string verify_run(const SampleWorkspace& workspace) {
  Flaws flaws;
  const Finished shown = workspace.runpin({"status", "--json"});
  const Json status = parsed(shown.out);
  flaws.unless(shown.exit_code == 0 && status["verdict"].text() == "ADVANCE_TO_M4",
               "status exits " + std::to_string(shown.exit_code) + ": " + shown.err);
  flaws.unless(status["lanes"].items().size() == 10, "the run has not ten lanes");
  for (const Json& lane : status["lanes"].items())
    flaws.unless(lane["overall_pass"].is_true(), lane["lane"].text() + " is not green");
  const Finished proven = workspace.runpin({"verify"});
  flaws.unless(proven.exit_code == 0 && proven.out.ends_with("verified  ADVANCE_TO_M4\n"),
               "verify exits " + std::to_string(proven.exit_code) + ": " + proven.out + proven.err);
  const Finished verified = workspace.runpin({"verify"});
  flaws.unless(verified.exit_code == 0, "verify exits " + std::to_string(verified.exit_code) +
                                            ": " + verified.out + verified.err);
  check_files(workspace, flaws);
  const Files durable = workspace.durable();
  const Files executions = committed(durable);
  check_executions(executions, flaws);
  check_claims(durable, status["platform_run_id"].text(), flaws);
  const Files local = workspace.local();
  for (const auto& [path, bytes] : executions)
    flaws.unless(
        is_copy(path, bytes, executions) || (local.contains(path) && local.at(path) == bytes),
        path + " is not there locally");
  for (const auto& [path, bytes] : local)
    flaws.unless(executions.contains(path), path + " is no copy of durable evidence");
  check_notes(workspace, verdict_execution(status), flaws);
  check_database(workspace, flaws);
  return flaws.text();
}

}  // namespace runpin::testing
