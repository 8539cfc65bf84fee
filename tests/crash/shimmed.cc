#include "tests/crash/shimmed.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "tests/adapters/temp_dir.h"

namespace runpin::testing {
namespace {

LoggedCall parse(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> fields;
  for (std::string field; std::getline(stream, field, '\t');) fields.push_back(field);
  if (fields.size() != 7) throw std::runtime_error("no line of the shim: " + line);
  return {std::stol(fields[0]),
          fields[1],
          fields[2],
          fields[3],
          std::stoll(fields[4]),
          std::stoul(fields[5]),
          std::string(std::stoul(fields[6]), '\0')};
}

std::vector<LoggedCall> read_log(const std::filesystem::path& file) {
  std::ifstream log(file, std::ios::binary);
  std::vector<LoggedCall> calls;
  for (std::string line; std::getline(log, line);) {
    calls.push_back(parse(line));
    log.read(calls.back().data.data(), static_cast<std::streamsize>(calls.back().data.size()));
  }
  return calls;
}

void set(Program& program, const char* name, const std::string& value) {
  if (!value.empty()) program.set[name] = value;
}

}  // namespace

Finished run_shimmed(Program program, const std::filesystem::path& root, const Order& order) {
  set(program, "LD_PRELOAD", RUNPIN_FAULT_SHIM);
  set(program, "ASAN_OPTIONS", "verify_asan_link_order=0");
  set(program, "RUNPIN_SHIM_ROOT", root.string());
  set(program, "RUNPIN_SHIM_KILL", order.kill);
  set(program, "RUNPIN_SHIM_FAIL", order.fail);
  set(program, "RUNPIN_SHIM_CLOCK", order.clock);
  return run(program);
}

std::vector<LoggedCall> calls_of(const Program& program, const std::filesystem::path& root,
                                 bool with_data, const std::string& kill) {
  const TempDir dir;
  Program logged = program;
  logged.set["RUNPIN_SHIM_LOG"] = dir.path() / "log";
  if (with_data) logged.set["RUNPIN_SHIM_DATA"] = "1";
  const Finished done = run_shimmed(logged, root, {kill});
  auto calls = read_log(dir.path() / "log");
  if (calls.empty()) throw std::runtime_error("the shim saw nothing: " + done.err);
  return calls;
}

std::string name_of(const LoggedCall& call, const std::filesystem::path& root) {
  return call.kind + " " + std::filesystem::path(call.path).lexically_relative(root).string();
}

}  // namespace runpin::testing
