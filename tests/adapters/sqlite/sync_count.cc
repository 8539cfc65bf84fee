#include "tests/adapters/sqlite/sync_count.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>

namespace {
std::atomic<long> syncs{0};
}

extern "C" int fsync(int fd) {
  ++syncs;
  return static_cast<int>(syscall(SYS_fsync, fd));
}

extern "C" int fdatasync(int fd) {
  ++syncs;
  return static_cast<int>(syscall(SYS_fdatasync, fd));
}

namespace runpin::testing {

long sync_count() {
  return syncs;
}

}  // namespace runpin::testing
