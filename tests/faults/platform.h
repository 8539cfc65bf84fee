// A sample platform of a test's own with the real chain on it, the places where people, programs
// and disks break it, and the commands that mend it. All in this process; the evidence is the
// embedded store's.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runpin/canon/json.h"
#include "runpin/gate/chain.h"
#include "tests/faults/faulty_ports.h"

namespace runpin::testing {

struct Outcome {
  int exit_code = -1;
  std::optional<RunReport> report;  // nothing when the command itself was refused, by `error`
  Error error;
  std::shared_ptr<const std::vector<Lane>> lanes;  // what the report points into
};

class Platform {
 public:
  Platform();
  ~Platform();
  Platform(const Platform&) = delete;
  Platform& operator=(const Platform&) = delete;

  const std::filesystem::path& root() const { return root_; }

  // The commands. Each has an instant of its own, a minute after the one before.
  Outcome run(char to = 'j');
  Outcome resume(char to = 'j');
  // Any other command, as typed: {"orchestrator", "stop", NAME}. Answers its exit code.
  int command(const std::vector<std::string>& words);

  // The workspace's files. What was changed here is as it was before after undo().
  std::string read(const std::string& path) const;
  void write(const std::string& path, const std::string& content);
  void remove(const std::string& path);
  // Replaces every `from`; throws where there is none.
  void replace(const std::string& path, const std::string& from, const std::string& to);
  // Gives a handle of the registry another literal, at every place that pins it.
  void pin(const std::string& key, const std::string& literal);
  void drop_handle(const std::string& key);
  // "handles.registry.md:LINE:COLUMN" of the first line that pins `key`, as it stands now.
  std::string place_of_handle(const std::string& key) const;
  std::string place_of_value(const std::string& key) const;

  // The platform database, behind runpin's back: SQL while the triggers are not there.
  void sql(const std::string& statement, const std::vector<std::string>& values = {});
  // Every object, newest version, by key.
  std::map<std::string, std::string> durable() const;
  // Local artifacts by "<execution_id>/<name>".
  std::map<std::string, std::string> local() const;
  std::string sha256_of(const std::string& key) const;
  void put(const std::string& key, const std::string& bytes);
  void delete_object(const std::string& key);
  // Changes an artifact of the newest attempt and makes its lane's summary agree with it, so that
  // only other lanes' evidence can tell.
  void forge(char lane, const std::string& name, const std::function<void(Json&)>& change);
  // The same of the summary itself.
  void forge_summary(char lane, const std::function<void(Json&)>& change);

  // Of the newest attempt.
  const std::string& stamp() const { return stamp_; }
  // Of the next command.
  std::string next_stamp() const;
  // "evidence/run_control/m3d_<stamp>/NAME"
  std::string key(char lane, const std::string& name) const;
  // Of the newest run, as its M3.B has it.
  std::string run_id() const;

  PortFaults faults;
  // The instant of the attempts from here on, where it is not to be the clock's.
  std::optional<Instant> stuck_clock;

  // What must happen for undo() beside putting the files back.
  void on_undo(std::function<void()> action) { undo_.push_back(std::move(action)); }
  // Every fault is gone: files as they were, ports sound, the clock right.
  void undo();

 private:
  Outcome attempt(const std::function<Result<RunReport>(Chain&, Instant)>& call);
  Instant tick();
  std::string place_in_pin(const std::string& key, std::size_t offset) const;

  std::filesystem::path root_;
  std::int64_t seconds_;
  std::string stamp_;
  std::map<std::string, std::optional<std::string>> originals_;  // nothing: there was no file
  std::vector<std::function<void()>> undo_;
};

}  // namespace runpin::testing
