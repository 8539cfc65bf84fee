// The SQLite file behind `sqlite:PATH`: opened when first needed and never made by opening, because
// a new one in the place of a lost one would hide the loss.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>

#include "runpin/adapters/sqlite/sqlite_error.h"
#include "runpin/base/result.h"

namespace runpin {

inline constexpr int k_platform_application_id = 0x72756e70;  // "runp"
inline constexpr int k_platform_schema_version = 1;

// Makes an empty platform database at `file`, and its directory where that is missing; it appears
// whole or not at all. `name` is the setting as runpin.toml has it ("sqlite:.runpin/platform.db"),
// which is all that messages show. Errors: k_conflict (something stands at `file`; it is left
// alone), k_denied, k_unavailable, k_io.
Result<void> create_platform_db(const std::filesystem::path& file, const std::string& name);

// One connection, guarded by a mutex: safe for several threads. REQUIRES: not used across fork().
class PlatformDb {
 public:
  // `file` is the path to open; `name` as for create_platform_db(). Touches nothing until the first
  // call.
  PlatformDb(std::filesystem::path file, std::string name);

  const std::string& name() const { return name_; }
  // The path within `name`: ".runpin/platform.db".
  const std::string& display() const { return display_; }

  // Calls `body(SQLite::Database&)`, which returns a Result<T>, on an open connection. What it read
  // is on the disk when this returns. Opening errors and SQLite's exceptions come back as errors
  // (sqlite_error.h). k_malformed: no runpin database, or of a newer runpin.
  template <class Body>
  std::invoke_result_t<Body, SQLite::Database&> read(Body&& body) {
    const std::lock_guard lock(mutex_);
    try {
      if (auto opened = ensure_open(); !opened) return tl::unexpected(opened.error());
      auto result = body(*db_);
      if (auto durable = ensure_durable(); !durable) return tl::unexpected(durable.error());
      return result;
    } catch (const SQLite::Exception& exception) {
      db_.reset();
      return tl::unexpected(sqlite_error(exception, file_, display_));
    }
  }

  // The same within one transaction that holds the write lock from its start. An error rolls it
  // back.
  template <class Body>
  std::invoke_result_t<Body, SQLite::Database&> write(Body&& body) {
    return read([&](SQLite::Database& db) {
      SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
      auto result = body(db);
      if (result) transaction.commit();
      return result;
    });
  }

 private:
  Result<void> ensure_open();
  Result<void> ensure_durable();
  Result<void> check_file(dev_t& device, ino_t& inode) const;
  Result<void> check_schema(SQLite::Database& db) const;

  std::filesystem::path file_;
  std::string name_;
  std::string display_;
  std::mutex mutex_;
  std::unique_ptr<SQLite::Database> db_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  std::optional<int> durable_version_;  // PRAGMA data_version up to which the log is on the disk
};

}  // namespace runpin
