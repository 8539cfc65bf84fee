// Counts this process's fsync() and fdatasync() calls by standing in front of the C library's.
// Include in one file of a test program.
#pragma once

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>

namespace runpin::testing {

inline std::atomic<long> sync_count{0};

}  // namespace runpin::testing

extern "C" int fsync(int fd) {
  ++runpin::testing::sync_count;
  return static_cast<int>(syscall(SYS_fsync, fd));
}

extern "C" int fdatasync(int fd) {
  ++runpin::testing::sync_count;
  return static_cast<int>(syscall(SYS_fdatasync, fd));
}
