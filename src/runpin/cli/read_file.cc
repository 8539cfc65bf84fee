#include "runpin/cli/read_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include "runpin/adapters/local/fd.h"
#include "runpin/base/position.h"

namespace runpin::cli {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

tl::unexpected<Error> cannot_open(int error, const std::string& path, const std::string& what,
                                  const std::string& fix) {
  if (error == ENOENT || error == ENOTDIR)
    return fail(ErrorKind::k_config, what + " is not there", path, fix);
  if (error == EACCES || error == EPERM)
    return fail(ErrorKind::k_config, what + " cannot be read: permission denied", path,
                fmt::format("give this user read permission on {}", path));
  const std::string message = fmt::format("{} cannot be read: {}", what, std::strerror(error));
  if (error == ELOOP || error == ENAMETOOLONG || error == ENXIO)
    return fail(ErrorKind::k_config, message, path, "put a regular file there");
  return fail(ErrorKind::k_io, message, path);
}

// Only a regular file: a pipe without a writer must not hang the program, nor a device without an
// end.
Result<Bytes> read_regular(const std::string& path, const std::string& what,
                           const std::string& fix) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  const File file(fd < 0 ? nullptr : fdopen(fd, "rb"), std::fclose);
  if (!file) return cannot_open(errno, path, what, fix);
  struct stat info {};
  if (fstat(fd, &info) != 0) return cannot_open(errno, path, what, fix);
  if (!S_ISREG(info.st_mode))
    return fail(ErrorKind::k_config,
                fmt::format("{} should be a file, but a {} is there", what,
                            S_ISDIR(info.st_mode) ? "directory" : "pipe or device"),
                path, fix);
  if (static_cast<std::size_t>(info.st_size) > k_max_document_bytes)
    return fail(ErrorKind::k_config,
                fmt::format("{} is larger than {} MiB", what, k_max_document_bytes >> 20), path,
                fix);
  return read_stream(file.get(), path);
}

}  // namespace

Result<Bytes> read_file(const std::string& path, const std::string& what, const std::string& fix) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return cannot_open(errno, path, what, fix);
  if (S_ISDIR(info.st_mode))
    return fail(ErrorKind::k_config, what + " should be a file, but a directory is there", path,
                fix);
  const File file(std::fopen(path.c_str(), "rbe"), std::fclose);
  if (!file) return cannot_open(errno, path, what, fix);
  return read_stream(file.get(), path);
}

Result<Bytes> read_text_file(const std::string& path, const std::string& what,
                             const std::string& fix) {
  auto bytes = read_regular(path, what, fix);
  if (!bytes) return bytes;
  std::size_t bad = 0;
  if (is_utf8(*bytes, &bad)) return bytes;
  return fail(ErrorKind::k_config,
              fmt::format("{} is not UTF-8: byte 0x{:02x} at offset {}", what,
                          static_cast<unsigned char>((*bytes)[bad]), bad),
              where(path, position_at(*bytes, bad)), "save the file as UTF-8");
}

Result<Bytes> read_stream(std::FILE* stream, const std::string& name) {
  Bytes bytes;
  std::array<char, 1 << 16> block;
  while (true) {
    const std::size_t count = std::fread(block.data(), 1, block.size(), stream);
    bytes.append(block.data(), count);
    if (count < block.size()) break;
    if (bytes.size() > k_max_document_bytes)
      return fail(ErrorKind::k_config,
                  fmt::format("the input is larger than {} MiB", k_max_document_bytes >> 20), name);
  }
  if (std::ferror(stream) != 0)
    return fail(ErrorKind::k_io, fmt::format("reading failed: {}", std::strerror(errno)), name);
  return bytes;
}

std::string below(const std::string& directory, const std::string& path) {
  if (directory == ".") return path;
  return (std::filesystem::path(directory) / path).string();
}

}  // namespace runpin::cli
