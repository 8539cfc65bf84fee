#include "runpin/adapters/local/fd.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace runpin {
namespace {

Error not_regular(mode_t mode, const std::string& shown) {
  return {
      ErrorKind::k_io,
      fmt::format("expected a file, found {}", S_ISDIR(mode) ? "a directory" : "a special file"),
      shown, "name a regular file"};
}

Error too_large(const std::string& shown) {
  return {ErrorKind::k_io,
          fmt::format("the file is larger than {} MiB", k_max_document_bytes >> 20), shown,
          "name a smaller file"};
}

Result<Bytes> read_to_end(int fd, std::size_t expected, const std::string& shown) {
  Bytes bytes;
  std::size_t used = 0;
  while (used <= k_max_document_bytes) {
    bytes.resize(std::max(used, expected) + 4096);
    const ssize_t got = read(fd, bytes.data() + used, bytes.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return tl::unexpected(file_error(errno, shown));
    used += static_cast<std::size_t>(got);
    if (got == 0) {
      bytes.resize(used);
      return bytes;
    }
  }
  return tl::unexpected(too_large(shown));
}

bool write_all(int fd, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

}  // namespace

Fd::~Fd() {
  if (fd_ >= 0) close(fd_);
}

Fd& Fd::operator=(Fd&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

Error file_error(int code, const std::string& shown) {
  switch (code) {
    case ENOENT:
      return {ErrorKind::k_not_found, "no such file", shown, "make it, or name another"};
    case ENOTDIR:
      return {ErrorKind::k_not_found, "no such file: a directory above it is a file itself", shown,
              "move that file away, or name another"};
    case EACCES:
    case EPERM:
    case EROFS:
      return {ErrorKind::k_denied, fmt::format("not permitted: {}", std::strerror(code)), shown,
              "give this user permission on the file and its directory"};
    case ENOSPC:
    case EDQUOT:
      return {ErrorKind::k_io, fmt::format("cannot be written: {}", std::strerror(code)), shown,
              "free space on its disk, and try again"};
    default:
      return {ErrorKind::k_io, std::strerror(code), shown, "check the file and its disk"};
  }
}

Result<Bytes> read_regular_file(const std::filesystem::path& path, const std::string& shown) {
  // O_NONBLOCK: a FIFO without a writer must not hang the run.
  const Fd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return tl::unexpected(file_error(errno, shown));
  struct stat status {};
  if (fstat(fd.get(), &status) != 0) return tl::unexpected(file_error(errno, shown));
  if (!S_ISREG(status.st_mode)) return tl::unexpected(not_regular(status.st_mode, shown));
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > k_max_document_bytes) return tl::unexpected(too_large(shown));
  return read_to_end(fd.get(), size, shown);
}

Result<void> write_new_file(const std::filesystem::path& path, ByteView bytes, mode_t mode,
                            const std::string& shown) {
  const Fd fd(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!fd) return tl::unexpected(file_error(errno, shown));
  if (write_all(fd.get(), bytes) && fsync(fd.get()) == 0) return {};
  const int code = errno;
  unlink(path.c_str());
  return tl::unexpected(file_error(code, shown));
}

Result<void> sync_directory(const std::filesystem::path& path, const std::string& shown) {
  const Fd fd(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || fsync(fd.get()) != 0) return tl::unexpected(file_error(errno, shown));
  return {};
}

}  // namespace runpin
