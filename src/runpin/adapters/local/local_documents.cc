#include "runpin/adapters/local/local_documents.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>

#include "runpin/adapters/local/fd.h"

namespace runpin {
namespace {

namespace fs = std::filesystem;

// The file itself, behind any symbolic links.
Result<fs::path> resolve(const fs::path& path, const std::string& shown) {
  const std::unique_ptr<char, decltype(&free)> real(realpath(path.c_str(), nullptr), free);
  if (!real) return tl::unexpected(file_error(errno, shown));
  return fs::path(real.get());
}

Result<Fd> lock_directory(const fs::path& directory, const std::string& shown) {
  Fd fd(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return tl::unexpected(file_error(errno, shown));
  while (flock(fd.get(), LOCK_EX) != 0)
    if (errno != EINTR) return tl::unexpected(file_error(errno, shown));
  return fd;
}

bool writable(const fs::path& path) {
  return faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0;
}

Result<void> check_replaceable(const fs::path& file, const std::string& shown) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0) return tl::unexpected(file_error(errno, shown));
  if (!S_ISREG(status.st_mode))
    return fail(ErrorKind::k_io,
                S_ISDIR(status.st_mode) ? "expected a file, found a directory"
                                        : "expected a file, found a special file",
                shown, "name a regular file");
  if (static_cast<std::size_t>(status.st_size) > k_max_document_bytes)
    return fail(ErrorKind::k_io, "the file is larger than 64 MiB", shown, "name a smaller file");
  if (!writable(file) || !writable(file.parent_path()))
    return tl::unexpected(file_error(errno, shown));
  return {};
}

bool same_file(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size &&
         a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

Bytes with_note(const Bytes& old, ByteView note) {
  Bytes bytes = old;
  if (!bytes.empty() && bytes.back() != '\n') bytes += '\n';
  bytes += note;
  return bytes;
}

enum class Replaced { k_done, k_changed_meanwhile };

// Puts `bytes` in the place of `file`, provided that it is still the one that `before` describes.
Result<Replaced> replace(const fs::path& file, const struct stat& before, const Bytes& bytes,
                         const std::string& shown) {
  const fs::path draft = file.parent_path() / ("." + file.filename().string() + ".runpin-new");
  unlink(draft.c_str());
  if (auto written = write_new_file(draft, bytes, 0600, shown); !written)
    return tl::unexpected(written.error());
  const auto give_up = [&](int code) {
    unlink(draft.c_str());
    return tl::unexpected(file_error(code, shown));
  };
  // Another owner's file can be given back to them only by a privileged user; the mode matters
  // either way.
  [[maybe_unused]] const int kept_owner = chown(draft.c_str(), before.st_uid, before.st_gid);
  if (chmod(draft.c_str(), before.st_mode & 07777) != 0) return give_up(errno);
  struct stat now {};
  if (stat(file.c_str(), &now) != 0) return give_up(errno);
  if (!same_file(before, now)) {
    unlink(draft.c_str());
    return Replaced::k_changed_meanwhile;
  }
  if (rename(draft.c_str(), file.c_str()) != 0) return give_up(errno);
  if (auto synced = sync_directory(file.parent_path(), shown); !synced)
    return tl::unexpected(synced.error());
  return Replaced::k_done;
}

}  // namespace

Result<Bytes> LocalDocuments::read(const std::string& path) {
  return read_regular_file(root_ / path, path);
}

Result<void> LocalDocuments::check_appendable(const std::string& path) {
  const auto file = resolve(root_ / path, path);
  if (!file) return tl::unexpected(file.error());
  return check_replaceable(*file, path);
}

Result<void> LocalDocuments::append_once(const std::string& path, ByteView marker, ByteView note) {
  constexpr int k_attempts = 10;
  const auto file = resolve(root_ / path, path);
  if (!file) return tl::unexpected(file.error());
  const auto lock = lock_directory(file->parent_path(), path);
  if (!lock) return tl::unexpected(lock.error());
  for (int attempt = 0; attempt < k_attempts; ++attempt) {
    if (auto usable = check_replaceable(*file, path); !usable) return usable;
    struct stat before {};
    if (stat(file->c_str(), &before) != 0) return tl::unexpected(file_error(errno, path));
    const auto old = read_regular_file(*file, path);
    if (!old) return tl::unexpected(old.error());
    if (old->find(marker) != Bytes::npos)  // perhaps of one that was stopped before it synced
      return sync_directory(file->parent_path(), path);
    const auto replaced = replace(*file, before, with_note(*old, note), path);
    if (!replaced) return tl::unexpected(replaced.error());
    if (*replaced == Replaced::k_done) return {};
  }
  return fail(ErrorKind::k_io, "another program keeps changing the file", path,
              "close it there, and try again");
}

}  // namespace runpin
