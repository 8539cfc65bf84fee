// A shared library for LD_PRELOAD that stands in front of the C library's file calls, numbers those
// that change something below one directory, and kills the process or fails a call where it was
// told to (plan.h). fsync and fdatasync do nothing: what a power loss takes is decided by the log.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "tests/fault_shim/plan.h"

using runpin::shim::Call;
using runpin::shim::Plan;

namespace {

// The C library's own function behind the one of the same name here.
template <class Function>
Function real(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

#define REAL(name) real<decltype(&name)>(#name)

Plan& plan() {
  return Plan::instance();
}

bool stands_there(int directory, const char* path) {
  return syscall(SYS_faccessat, directory, path, F_OK) == 0;
}

// What opening with these flags does: makes a file, empties one, or neither.
Call opening(int directory, const char* path, int flags) {
  Call call{"open", Plan::absolute(directory, path)};
  const bool there = stands_there(directory, path);
  if ((flags & O_CREAT) && !there)
    call.kind = "create";
  else if ((flags & O_TRUNC) && there)
    call.kind = "trunc";
  return call;
}

template <class Open>
int open_through(int directory, const char* path, int flags, Open open_it) {
  return plan().through(opening(directory, path, flags), [&](std::size_t) { return open_it(); });
}

mode_t mode_of(int flags, va_list arguments) {
  return (flags & (O_CREAT | O_TMPFILE)) ? va_arg(arguments, mode_t) : 0;
}

FILE* fopen_through(const char* path, const char* mode,
                    FILE* (*open_it)(const char*, const char*)) {
  const int flags = mode[0] == 'w' ? O_CREAT | O_TRUNC : mode[0] == 'a' ? O_CREAT : 0;
  FILE* file = nullptr;
  plan().through(opening(AT_FDCWD, path, flags), [&](std::size_t) {
    file = open_it(path, mode);
    return file ? 0 : -1;
  });
  return file;
}

std::int64_t end_or_position(int fd) {
  struct stat status {};
  if ((fcntl(fd, F_GETFL) & O_APPEND) && fstat(fd, &status) == 0) return status.st_size;
  return lseek(fd, 0, SEEK_CUR);
}

template <class Write>
ssize_t write_through(int fd, const void* data, std::size_t length, std::int64_t offset,
                      Write write_it) {
  Call call{"write", Plan::of_descriptor(fd)};
  if (!plan().covers(call.path)) return write_it(length);
  call.offset = offset < 0 ? end_or_position(fd) : offset;
  call.data = data;
  call.length = length;
  return plan().through(call, write_it);
}

std::string joined(const iovec* parts, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i)
    bytes.append(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len);
  return bytes;
}

int sync_through(int fd) {
  return plan().through({"sync", Plan::of_descriptor(fd)}, [](std::size_t) { return 0; });
}

int truncate_through(int fd, off_t length) {
  return plan().through({"trunc", Plan::of_descriptor(fd), {}, length}, [&](std::size_t) {
    return static_cast<int>(syscall(SYS_ftruncate, fd, length));
  });
}

int path_call(const char* kind, int directory, const char* path, int (*call)(const char*)) {
  return plan().through({kind, Plan::absolute(directory, path)},
                        [&](std::size_t) { return call(path); });
}

int rename_through(const char* kind, int from_directory, const char* from, int to_directory,
                   const char* to, long number, long flags) {
  return plan().through(
      {kind, Plan::absolute(from_directory, from), Plan::absolute(to_directory, to)},
      [&](std::size_t) {
        return static_cast<int>(syscall(number, from_directory, from, to_directory, to, flags));
      });
}

bool is_directory(const char* path) {
  struct stat status {};
  return lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_through(AT_FDCWD, path, flags, [&] { return REAL(open)(path, flags, mode); });
}

int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_through(AT_FDCWD, path, flags, [&] { return REAL(open64)(path, flags, mode); });
}

int openat(int directory, const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_through(directory, path, flags,
                      [&] { return REAL(openat)(directory, path, flags, mode); });
}

FILE* fopen(const char* path, const char* mode) {
  return fopen_through(path, mode, REAL(fopen));
}
FILE* fopen64(const char* path, const char* mode) {
  return fopen_through(path, mode, REAL(fopen64));
}

ssize_t read(int fd, void* buffer, size_t length) {
  return plan().through({"read", Plan::of_descriptor(fd)},
                        [&](std::size_t) { return REAL(read)(fd, buffer, length); });
}
ssize_t pread64(int fd, void* buffer, size_t length, off64_t offset) {
  return plan().through({"read", Plan::of_descriptor(fd)},
                        [&](std::size_t) { return REAL(pread64)(fd, buffer, length, offset); });
}

ssize_t write(int fd, const void* data, size_t length) {
  return write_through(fd, data, length, -1,
                       [&](std::size_t some) { return REAL(write)(fd, data, some); });
}
ssize_t pwrite(int fd, const void* data, size_t length, off_t offset) {
  return write_through(fd, data, length, offset,
                       [&](std::size_t some) { return REAL(pwrite)(fd, data, some, offset); });
}
ssize_t pwrite64(int fd, const void* data, size_t length, off64_t offset) {
  return write_through(fd, data, length, offset,
                       [&](std::size_t some) { return REAL(pwrite64)(fd, data, some, offset); });
}
ssize_t writev(int fd, const iovec* parts, int count) {
  const std::string bytes = joined(parts, count);
  return write_through(fd, bytes.data(), bytes.size(), -1,
                       [&](std::size_t some) { return REAL(write)(fd, bytes.data(), some); });
}

int fsync(int fd) {
  return sync_through(fd);
}
int fdatasync(int fd) {
  return sync_through(fd);
}
int ftruncate(int fd, off_t length) noexcept {
  return truncate_through(fd, length);
}
int ftruncate64(int fd, off64_t length) noexcept {
  return truncate_through(fd, length);
}

int rename(const char* from, const char* to) noexcept {
  return rename_through("rename", AT_FDCWD, from, AT_FDCWD, to, SYS_renameat2, 0);
}
int renameat2(int from_directory, const char* from, int to_directory, const char* to,
              unsigned flags) noexcept {
  return rename_through("rename", from_directory, from, to_directory, to, SYS_renameat2, flags);
}
int link(const char* from, const char* to) noexcept {
  return rename_through("link", AT_FDCWD, from, AT_FDCWD, to, SYS_linkat, 0);
}

int unlink(const char* path) noexcept {
  return path_call("unlink", AT_FDCWD, path, REAL(unlink));
}
int rmdir(const char* path) noexcept {
  return path_call("rmdir", AT_FDCWD, path, REAL(rmdir));
}
int remove(const char* path) noexcept {
  return path_call(is_directory(path) ? "rmdir" : "unlink", AT_FDCWD, path, REAL(remove));
}
int unlinkat(int directory, const char* path, int flags) noexcept {
  return plan().through(
      {(flags & AT_REMOVEDIR) ? "rmdir" : "unlink", Plan::absolute(directory, path)},
      [&](std::size_t) { return REAL(unlinkat)(directory, path, flags); });
}
int mkdir(const char* path, mode_t mode) noexcept {
  return plan().through({"mkdir", Plan::absolute(AT_FDCWD, path)},
                        [&](std::size_t) { return REAL(mkdir)(path, mode); });
}
int chmod(const char* path, mode_t mode) noexcept {
  return plan().through({"meta", Plan::absolute(AT_FDCWD, path)},
                        [&](std::size_t) { return REAL(chmod)(path, mode); });
}

int clock_gettime(clockid_t clock, timespec* time) noexcept {
  const std::int64_t seconds = clock == CLOCK_REALTIME ? plan().clock_seconds() : -1;
  if (seconds < 0) return REAL(clock_gettime)(clock, time);
  *time = {seconds, 0};
  return 0;
}
int gettimeofday(timeval* time, void*) noexcept {
  timespec now{};
  const int result = clock_gettime(CLOCK_REALTIME, &now);
  *time = {now.tv_sec, now.tv_nsec / 1000};
  return result;
}
time_t time(time_t* out) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (out) *out = now.tv_sec;
  return now.tv_sec;
}

}  // extern "C"
