#include "runpin/adapters/sqlite/sqlite_error.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>

namespace runpin {
namespace {

bool writable(const std::filesystem::path& path) {
  return faccessat(AT_FDCWD, path.c_str(), R_OK | W_OK, AT_EACCESS) == 0;
}

Error denied(const std::string& display) {
  return {ErrorKind::k_denied, fmt::format("the platform database {} cannot be written", display),
          display, "give this user write permission on the file and on its directory"};
}

Error cannot_open(const std::filesystem::path& file, const std::string& display) {
  errno = 0;
  const bool file_writable = writable(file);
  if (!file_writable && (errno == ENOENT || errno == ENOTDIR)) return no_database(display);
  if (!file_writable || !writable(file.parent_path())) return denied(display);
  return {ErrorKind::k_unavailable,
          fmt::format("the platform database {} cannot be opened", display), display,
          "check that it is a regular file"};
}

}  // namespace

Error no_database(const std::string& display) {
  return {ErrorKind::k_not_found, fmt::format("no platform database at {}", display), display,
          "restore it from a backup, or make a new workspace elsewhere with runpin init"};
}

Error sqlite_error(const SQLite::Exception& exception, const std::filesystem::path& file,
                   const std::string& display) {
  const auto make = [&](ErrorKind kind, std::string message, std::string fix) {
    return Error{kind, std::move(message), display, std::move(fix)};
  };
  switch (exception.getErrorCode() & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return make(ErrorKind::k_unavailable,
                  fmt::format("another process has kept the platform database {} locked for {} s",
                              display, k_busy_timeout_ms / 1000),
                  "find the process that holds it, and try again");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return denied(display);
    case SQLITE_FULL:
      return make(ErrorKind::k_unavailable,
                  fmt::format("no room to write the platform database {}", display),
                  "free space on its disk, and try again");
    case SQLITE_IOERR:
      return make(ErrorKind::k_unavailable,
                  fmt::format("I/O error on the platform database {}: {}", display,
                              sqlite3_errstr(exception.getErrorCode())),
                  "check the disk, and try again");
    case SQLITE_NOMEM:
      return make(ErrorKind::k_unavailable,
                  fmt::format("out of memory on the platform database {}", display), "");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return make(ErrorKind::k_malformed,
                  fmt::format("{} is damaged or no platform database ({})", display,
                              sqlite3_errstr(exception.getErrorCode() & 0xff)),
                  "restore it from a backup, or make a new workspace with runpin init");
    case SQLITE_ERROR:
      return make(ErrorKind::k_malformed,
                  fmt::format("the tables of the platform database {} were changed: {}", display,
                              exception.what()),
                  "restore it from a backup");
    case SQLITE_CANTOPEN:
      return cannot_open(file, display);
    default:
      return make(ErrorKind::k_internal,
                  fmt::format("platform database {}: {}", display, exception.what()), "");
  }
}

}  // namespace runpin
