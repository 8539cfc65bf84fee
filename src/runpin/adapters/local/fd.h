// Files by descriptor, with errors that name the path as the workspace writes it and never as the
// machine has it.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <utility>

#include "runpin/base/bytes.h"
#include "runpin/base/result.h"

namespace runpin {

// Owns a file descriptor; -1 when there is none.
class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  ~Fd();
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept;
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

// What errno says of `shown`: k_not_found, k_denied or k_io.
Error file_error(int code, const std::string& shown);

inline constexpr std::size_t k_max_document_bytes = 64u << 20;

// The bytes of the regular file `path`, at most k_max_document_bytes. Errors: as file_error(), and
// k_io for a directory, a special file or one too large.
Result<Bytes> read_regular_file(const std::filesystem::path& path, const std::string& shown);

// Makes `path`, which must not exist, with these bytes and permissions, and fsyncs it. On an error
// no such file is left.
Result<void> write_new_file(const std::filesystem::path& path, ByteView bytes, mode_t mode,
                            const std::string& shown);

Result<void> sync_directory(const std::filesystem::path& path, const std::string& shown);

}  // namespace runpin
