// What a shimmed process was told to do, and what it has done so far. Read from the environment:
//
//   RUNPIN_SHIM_ROOT   only calls on files below this directory count
//   RUNPIN_SHIM_LOG    where each call that took effect is written down (call_log.h reads it)
//   RUNPIN_SHIM_DATA   set: with the bytes of every write
//   RUNPIN_SHIM_KILL   "before:N", "after:N" or "half:N": SIGKILL at the Nth changing call; "half"
//                      is a write of which only the first half takes effect
//   RUNPIN_SHIM_FAIL   "KIND:N:ERRNO" the Nth call of a kind fails, "KIND:N+:ERRNO" and every later
//                      one; a kind is one of the log's, or "short" for writes of which the first
//                      takes half
//   RUNPIN_SHIM_CLOCK  "T0:N:T1": the real-time clock says T0 seconds to its first N readers, then
//   T1
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>

namespace runpin::shim {

struct Call {
  const char* kind;  // create, trunc, write, sync, rename, link, unlink, rmdir, mkdir, meta; these
                     // change something and are numbered. open, read: not numbered
  std::string path;
  std::string path2 = {};   // rename, link: the new name
  std::int64_t offset = 0;  // write: where; trunc: the new length
  const void* data = nullptr;
  std::size_t length = 0;
};

class Plan {
 public:
  static Plan& instance();

  bool covers(const std::string& path) const;
  // Absolute, without "." and "..".
  static std::string absolute(int directory, const char* path);
  static std::string of_descriptor(int fd);

  // `real(length)` does the call, for writes with `length` bytes, and answers as the C library
  // does.
  template <class Real>
  auto through(const Call& call, Real real) -> decltype(real(std::size_t{})) {
    if (!covers(call.path) && !covers(call.path2)) return real(call.length);
    const std::lock_guard lock(mutex_);
    const Step step = next(call);
    if (step.code != 0 && !step.half) {
      set_errno(step.code);
      return decltype(real(std::size_t{}))(-1);
    }
    if (step.kill == Kill::k_before) die();
    const bool halved = step.half || step.kill == Kill::k_half;
    const auto result = real(halved ? call.length / 2 : call.length);
    if (step.kill != Kill::k_none) die();
    if (result != decltype(result)(-1)) record(call, static_cast<std::int64_t>(result));
    return result;
  }

  // Seconds that the clock says; negative: ask the real one.
  std::int64_t clock_seconds();

 private:
  enum class Kill { k_none, k_before, k_after, k_half };
  struct Step {
    Kill kill = Kill::k_none;
    int code = 0;  // of errno, when the call fails
    bool half = false;
  };

  Plan();
  Step next(const Call& call);
  bool fails(const Call& call, Step& step);
  void record(const Call& call, std::int64_t result) const;
  static void set_errno(int code);
  [[noreturn]] static void die();

  std::mutex mutex_;
  std::string root_;
  int log_ = -1;
  bool with_data_ = false;
  Kill kill_ = Kill::k_none;
  long kill_at_ = 0;
  std::string fail_kind_;
  long fail_at_ = 0;
  bool fail_from_there_on_ = false;
  int fail_code_ = 0;
  long changes_ = 0;  // changing calls so far
  long of_kind_ = 0;  // calls of fail_kind_ so far
  std::int64_t clock_first_ = -1, clock_then_ = -1;
  long clock_steps_after_ = 0, clock_readings_ = 0;
};

}  // namespace runpin::shim
