#include "tests/support/sample_workspace.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <initializer_list>
#include <stdexcept>

#include "runpin/base/bytes.h"
#include "runpin/canon/json_reader.h"
#include "tests/adapters/temp_dir.h"

namespace runpin::testing {
namespace {

constexpr const char* k_local_root = "runs/dev_substrate/dev_full/m3";

Program program_of(std::initializer_list<const char*> command,
                   const std::vector<std::string>& more) {
  Program program;
  program.command.assign(command.begin(), command.end());
  program.command.insert(program.command.end(), more.begin(), more.end());
  return program;
}

}  // namespace

Json parsed(const std::string& text) {
  auto document = read_json(text, "document");
  return document ? std::move(*document) : Json();
}

SampleWorkspace::SampleWorkspace(const std::filesystem::path& parent, const std::string& name,
                                 const std::vector<std::string>& init_options)
    : root_(parent / name) {
  Program init = program_of({runpin_binary().c_str(), "init", name.c_str(), "--sample"}, init_options);
  init.directory = parent.string();
  const Finished done = run(init);
  if (done.exit_code != 0) throw std::runtime_error("runpin init: " + done.err);
}

SampleWorkspace SampleWorkspace::standing_at(std::filesystem::path root) {
  SampleWorkspace workspace;
  workspace.root_ = std::move(root);
  return workspace;
}

Program SampleWorkspace::program(const std::vector<std::string>& arguments) const {
  return program_of({runpin_binary().c_str(), "-w", root_.c_str()}, arguments);
}

Finished SampleWorkspace::runpin(const std::vector<std::string>& arguments) const {
  return run(program(arguments));
}

Json SampleWorkspace::json(std::vector<std::string> arguments) const {
  arguments.push_back("--json");
  return parsed(runpin(arguments).out);
}

std::string SampleWorkspace::read(const std::string& path) const {
  return read_file(root_ / path);
}

void SampleWorkspace::write(const std::string& path, const std::string& content) const {
  write_file(root_ / path, content);
}

void SampleWorkspace::replace(const std::string& path, const std::string& from,
                              const std::string& to) const {
  const std::string before = read(path);
  if (before.find(from) == std::string::npos)
    throw std::runtime_error(path + " does not hold " + from);
  write(path, replace_all(before, from, to));
}

std::map<std::string, std::string> SampleWorkspace::durable() const {
  SQLite::Database db(database().string(), SQLite::OPEN_READONLY);
  SQLite::Statement rows(db, "SELECT key, version, is_delete_marker, bytes FROM objects");
  std::map<std::string, std::string> objects;
  while (rows.executeStep()) {
    const std::string key = rows.getColumn(0).getString();
    if (rows.getColumn(1).getInt() != 1 || rows.getColumn(2).getInt() != 0)
      throw std::runtime_error(key + " has more than its one version");
    const auto bytes = rows.getColumn(3);
    objects[key] = std::string(static_cast<const char*>(bytes.getBlob()), bytes.getBytes());
  }
  return objects;
}

std::map<std::string, std::string> SampleWorkspace::local() const {
  std::map<std::string, std::string> files;
  if (!std::filesystem::exists(root_ / k_local_root)) return files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root_ / k_local_root))
    if (!entry.is_directory())
      files[entry.path().lexically_relative(root_ / k_local_root)] = read_file(entry.path());
  return files;
}

Json SampleWorkspace::artifact(const std::string& execution_id, const std::string& name) const {
  for (const auto& [key, bytes] : durable())
    if (key.ends_with("/" + execution_id + "/" + name)) return parsed(bytes);
  return nullptr;
}

Finished python(const std::string& script, const std::vector<std::string>& arguments,
                const std::string& input) {
  // Through a shell, since the interpreter's name may be a script of a version manager.
  Program program = program_of({"/bin/sh", "-c", "exec \"$0\" -B \"$@\"", RUNPIN_PYTHON,
                                (RUNPIN_SOURCE_DIR "/tests/" + script).c_str()},
                               arguments);
  program.input = input;
  return run(program);
}

}  // namespace runpin::testing
