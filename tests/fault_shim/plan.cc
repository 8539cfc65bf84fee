#include "tests/fault_shim/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>
#include <vector>

namespace runpin::shim {
namespace {

std::string variable(const char* name) {
  const char* value = getenv(name);
  return value ? value : "";
}

std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, ':');) parts.push_back(part);
  return parts;
}

bool changes(const Call& call) {
  return strcmp(call.kind, "open") != 0 && strcmp(call.kind, "read") != 0;
}

// Not through the C library: those calls are the shim's own.
void write_raw(int fd, const void* data, std::size_t length) {
  auto at = static_cast<const char*>(data);
  while (length > 0) {
    const long put = syscall(SYS_write, fd, at, length);
    if (put <= 0) _exit(125);
    at += put;
    length -= static_cast<std::size_t>(put);
  }
}

std::string link_text(const std::string& path) {
  char buffer[4096];
  const long length = syscall(SYS_readlinkat, AT_FDCWD, path.c_str(), buffer, sizeof buffer);
  return length > 0 ? std::string(buffer, static_cast<std::size_t>(length)) : "";
}

}  // namespace

Plan& Plan::instance() {
  static Plan* const plan = new Plan;  // outlives every other static thing
  return *plan;
}

Plan::Plan()
    : root_(variable("RUNPIN_SHIM_ROOT")), with_data_(!variable("RUNPIN_SHIM_DATA").empty()) {
  if (const auto log = variable("RUNPIN_SHIM_LOG"); !log.empty())
    log_ = static_cast<int>(syscall(SYS_openat, AT_FDCWD, log.c_str(),
                                    O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644));
  if (const auto kill = parts_of(variable("RUNPIN_SHIM_KILL")); kill.size() == 2) {
    kill_ = kill[0] == "before"  ? Kill::k_before
            : kill[0] == "after" ? Kill::k_after
                                 : Kill::k_half;
    kill_at_ = atol(kill[1].c_str());
  }
  if (const auto fail = parts_of(variable("RUNPIN_SHIM_FAIL")); fail.size() == 3) {
    fail_kind_ = fail[0];
    fail_at_ = atol(fail[1].c_str());
    fail_from_there_on_ = fail[1].ends_with('+');
    fail_code_ = atoi(fail[2].c_str());
  }
  if (const auto clock = parts_of(variable("RUNPIN_SHIM_CLOCK")); clock.size() == 3) {
    clock_first_ = atoll(clock[0].c_str());
    clock_steps_after_ = atol(clock[1].c_str());
    clock_then_ = atoll(clock[2].c_str());
  }
}

bool Plan::covers(const std::string& path) const {
  return !root_.empty() && path.starts_with(root_) &&
         (path.size() == root_.size() || path[root_.size()] == '/');
}

std::string Plan::absolute(int directory, const char* path) {
  if (!path) return "";
  std::filesystem::path whole(path);
  if (!whole.is_absolute())
    whole = std::filesystem::path(directory == AT_FDCWD ? link_text("/proc/self/cwd")
                                                        : of_descriptor(directory)) /
            whole;
  return whole.lexically_normal().string();
}

std::string Plan::of_descriptor(int fd) {
  return link_text("/proc/self/fd/" + std::to_string(fd));
}

Plan::Step Plan::next(const Call& call) {
  Step step;
  if (fails(call, step)) return step;
  if (!changes(call)) return step;
  const bool there = ++changes_ == kill_at_;
  if (there) step.kill = kill_;
  return step;
}

bool Plan::fails(const Call& call, Step& step) {
  const bool is_write = strcmp(call.kind, "write") == 0;
  if (fail_kind_ != call.kind && !(fail_kind_ == "short" && is_write)) return false;
  ++of_kind_;
  if (of_kind_ != fail_at_ && !(fail_from_there_on_ && of_kind_ > fail_at_)) return false;
  step.code = fail_code_;
  step.half = fail_kind_ == "short" && of_kind_ == fail_at_ && call.length > 1;
  return true;
}

void Plan::record(const Call& call, std::int64_t result) const {
  if (log_ < 0) return;
  const bool is_write = strcmp(call.kind, "write") == 0;
  const bool with_data = with_data_ && is_write;
  const auto written = is_write ? static_cast<std::size_t>(result) : 0;
  std::ostringstream line;
  line << (changes(call) ? changes_ : 0) << '\t' << call.kind << '\t' << call.path << '\t'
       << call.path2 << '\t' << call.offset << '\t' << written << '\t' << (with_data ? written : 0)
       << '\n';
  std::string bytes = line.str();
  if (with_data) bytes.append(static_cast<const char*>(call.data), written);
  write_raw(log_, bytes.data(), bytes.size());
}

void Plan::set_errno(int code) {
  errno = code;
}

void Plan::die() {
  syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
  for (;;) pause();
}

std::int64_t Plan::clock_seconds() {
  if (clock_first_ < 0) return -1;
  const std::lock_guard lock(mutex_);
  return clock_readings_++ < clock_steps_after_ ? clock_first_ : clock_then_;
}

}  // namespace runpin::shim
