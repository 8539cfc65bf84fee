#include "runpin/adapters/sqlite/platform_db.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "runpin/adapters/sqlite/schema.h"

namespace runpin {
namespace {

namespace fs = std::filesystem;

std::string display_of(const std::string& name) {
  constexpr std::string_view k_scheme = "sqlite:";
  return name.starts_with(k_scheme) ? name.substr(k_scheme.size()) : name;
}

Error system_error(int code, const std::string& display) {
  const ErrorKind kind = code == EACCES || code == EPERM || code == EROFS ? ErrorKind::k_denied
                         : code == ENOSPC || code == EDQUOT               ? ErrorKind::k_unavailable
                                                                          : ErrorKind::k_io;
  return {kind,
          fmt::format("cannot make the platform database {}: {}", display, std::strerror(code)),
          display, "check that its directory exists and can be written"};
}

Error already_there(const std::string& display) {
  return {ErrorKind::k_conflict, fmt::format("something stands at {} already", display), display,
          "choose another directory; a platform database is never overwritten"};
}

// Locks are on the -shm and the database, so that closing another descriptor of this file gives up
// none of SQLite's.
bool sync_log(SQLite::Database& db) {
  const char* log = sqlite3_filename_wal(sqlite3_db_filename(db.getHandle(), "main"));
  const int fd = open(log, O_RDWR | O_CLOEXEC);
  if (fd < 0) return errno == ENOENT;
  const bool synced = fdatasync(fd) == 0;
  const int code = errno;
  close(fd);
  errno = code;
  return synced;
}

bool sync_directory(const fs::path& directory) {
  const int fd = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool synced = fsync(fd) == 0;
  close(fd);
  return synced;
}

// The database under its temporary name; whatever happens, that name goes away.
class Draft {
 public:
  explicit Draft(const fs::path& file)
      : path_(file.parent_path() / fmt::format(".{}.{}.new", file.filename().string(), getpid())) {
    remove();
  }
  ~Draft() { remove(); }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  const fs::path& path() const { return path_; }

 private:
  void remove() const {
    for (const char* suffix : {"", "-wal", "-shm", "-journal"})
      unlink((path_.string() + suffix).c_str());
  }
  fs::path path_;
};

void write_schema(const fs::path& file) {
  SQLite::Database db(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE,
                      k_busy_timeout_ms);
  db.exec("PRAGMA synchronous = FULL");
  db.exec(k_platform_schema);
  db.exec("PRAGMA journal_mode = WAL");
}

void set_durable(SQLite::Database& db) {
  db.exec("PRAGMA foreign_keys = ON");
  db.exec("PRAGMA trusted_schema = OFF");
  db.exec("PRAGMA recursive_triggers = ON");
  // With WAL, FULL syncs the log at every commit; NORMAL would lose the newest commits with the
  // power.
  db.exec("PRAGMA synchronous = FULL");
  if (db.execAndGet("PRAGMA journal_mode").getString() != "wal")
    db.exec("PRAGMA journal_mode = WAL");
}

}  // namespace

Result<void> create_platform_db(const fs::path& file, const std::string& name) {
  const std::string display = display_of(name);
  const fs::path target = fs::absolute(file);
  const fs::path directory = target.parent_path();
  std::error_code code;
  const bool made = fs::create_directories(directory, code);
  if (code) return tl::unexpected(system_error(code.value(), display));
  if (fs::exists(fs::symlink_status(target))) return tl::unexpected(already_there(display));
  try {
    const Draft draft(target);
    write_schema(draft.path());
    if (link(draft.path().c_str(), target.c_str()) != 0)
      return tl::unexpected(errno == EEXIST ? already_there(display)
                                            : system_error(errno, display));
  } catch (const SQLite::Exception& exception) {
    return tl::unexpected(sqlite_error(exception, directory, display));
  }
  if (!sync_directory(directory) || (made && !sync_directory(directory.parent_path())))
    return tl::unexpected(system_error(errno, display));
  return {};
}

PlatformDb::PlatformDb(fs::path file, std::string name)
    : file_(fs::absolute(file)), name_(std::move(name)), display_(display_of(name_)) {}

// A file removed or replaced under an open connection would take writes that nobody finds again.
Result<void> PlatformDb::ensure_open() {
  dev_t device = 0;
  ino_t inode = 0;
  if (auto there = check_file(device, inode); !there) {
    db_.reset();
    return there;
  }
  if (db_ && device == device_ && inode == inode_) return {};
  db_.reset();
  auto db =
      std::make_unique<SQLite::Database>(file_.string(), SQLite::OPEN_READWRITE, k_busy_timeout_ms);
  if (auto known = check_schema(*db); !known) return known;
  set_durable(*db);
  db_ = std::move(db);
  durable_version_.reset();
  device_ = device;
  inode_ = inode;
  return {};
}

// What a process wrote into the log and did not live to sync, others read; the power could still
// take it.
Result<void> PlatformDb::ensure_durable() {
  const int version = db_->execAndGet("PRAGMA data_version").getInt();  // of others' commits
  if (version == durable_version_) return {};
  if (!sync_log(*db_))
    return fail(ErrorKind::k_io,
                fmt::format("cannot sync the log of {}: {}", display_, std::strerror(errno)),
                display_, "check the disk");
  durable_version_ = version;
  return {};
}

Result<void> PlatformDb::check_file(dev_t& device, ino_t& inode) const {
  struct stat status {};
  if (stat(file_.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return tl::unexpected(no_database(display_));
    const ErrorKind kind = errno == EACCES ? ErrorKind::k_denied : ErrorKind::k_unavailable;
    return fail(kind, fmt::format("cannot look at {}: {}", display_, std::strerror(errno)),
                display_);
  }
  if (!S_ISREG(status.st_mode))
    return fail(ErrorKind::k_malformed,
                fmt::format("expected a platform database at {}, found {}", display_,
                            S_ISDIR(status.st_mode) ? "a directory" : "a special file"),
                display_, "restore the database, or make a new workspace with runpin init");
  device = status.st_dev;
  inode = status.st_ino;
  return {};
}

Result<void> PlatformDb::check_schema(SQLite::Database& db) const {
  if (db.execAndGet("PRAGMA application_id").getInt() != k_platform_application_id)
    return fail(ErrorKind::k_malformed, fmt::format("{} is no runpin platform database", display_),
                display_, "name the right file in runpin.toml, or restore it");
  const int version = db.execAndGet("PRAGMA user_version").getInt();
  if (version == k_platform_schema_version) return {};
  return fail(ErrorKind::k_malformed,
              fmt::format("{} has schema version {}, expected {}", display_, version,
                          k_platform_schema_version),
              display_,
              version > k_platform_schema_version ? "use the newer runpin that made it"
                                                  : "restore it from a backup");
}

}  // namespace runpin
