#include "runpin/adapters/sqlite/platform_db.h"

#include <sqlite3.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>

#include "runpin/adapters/sqlite/sqlite_evidence_store.h"
#include "tests/adapters/in_child.h"
#include "tests/adapters/sqlite/temp_db.h"
#include "tests/adapters/sync_count.h"

namespace runpin {
namespace {

using testing::in_child;
using testing::k_name;
using testing::PlatformDbTest;
using testing::sync_count;

Result<std::string> pragma(PlatformDb& db, const std::string& name) {
  return db.read([&](SQLite::Database& open) -> Result<std::string> {
    return open.execAndGet("PRAGMA " + name).getString();
  });
}

Result<int> touch(PlatformDb& db) {
  return db.write([](SQLite::Database& open) -> Result<int> {
    return open.exec("UPDATE state_machines SET status = 'ACTIVE'");
  });
}

int exit_code_of(const Result<void>& result) {
  return result ? 0 : 1 + static_cast<int>(result.error().kind);
}
int exit_code_of(ErrorKind kind) {
  return 1 + static_cast<int>(kind);
}

TEST_F(PlatformDbTest, EveryConnectionIsDurableAndStrict) {
  for (int i = 0; i < 3; ++i) {
    PlatformDb db(file(), k_name);
    EXPECT_EQ(pragma(db, "journal_mode").value(), "wal");
    EXPECT_EQ(pragma(db, "synchronous").value(), "2");
    EXPECT_EQ(pragma(db, "foreign_keys").value(), "1");
    EXPECT_EQ(pragma(db, "trusted_schema").value(), "0");
    EXPECT_EQ(pragma(db, "recursive_triggers").value(), "1");
    EXPECT_EQ(pragma(db, "busy_timeout").value(), "30000");
  }
}

TEST_F(PlatformDbTest, TurnsWriteAheadLoggingBackOn) {
  sql("PRAGMA journal_mode = DELETE");
  PlatformDb db(file(), k_name);
  EXPECT_EQ(pragma(db, "journal_mode").value(), "wal");
}

TEST_F(PlatformDbTest, SyncsAtEveryCommit) {
  SqliteEvidenceStore store(file(), k_name);
  ASSERT_TRUE(store.create({ObjectKey("first"), "x"}));
  for (int i = 0; i < 10; ++i) {
    const long before = sync_count;
    ASSERT_TRUE(store.create({ObjectKey("key" + std::to_string(i)), "bytes"}));
    EXPECT_GE(sync_count, before + 1);
  }
}

TEST_F(PlatformDbTest, SyncsWhatItCreates) {
  const long before = sync_count;
  ASSERT_TRUE(create_platform_db(dir_.path() / "other" / "platform.db", k_name));
  EXPECT_GE(sync_count, before + 3);  // the file, its directory, the directory above
}

TEST_F(PlatformDbTest, NamesTheSettingAndThePathWithinIt) {
  const PlatformDb db(file(), k_name);
  EXPECT_EQ(db.name(), "sqlite:.runpin/platform.db");
  EXPECT_EQ(db.display(), ".runpin/platform.db");
}

TEST_F(PlatformDbTest, CreatingLeavesOnlyTheDatabase) {
  EXPECT_EQ(testing::names_in(file().parent_path()), std::vector<std::string>{"platform.db"});
}

TEST_F(PlatformDbTest, CreatingNeverOverwrites) {
  const auto again = create_platform_db(file(), k_name);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::k_conflict);
  expect_no_real_path(again.error());
  std::filesystem::create_symlink("nowhere", dir_.path() / "link.db");
  EXPECT_FALSE(create_platform_db(dir_.path() / "link.db", "sqlite:link.db"));
}

TEST_F(PlatformDbTest, CreatingBelowAFileIsAnError) {
  std::ofstream(dir_.path() / "plain") << "x";
  const auto made = create_platform_db(dir_.path() / "plain" / "platform.db", "sqlite:plain/p.db");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, ErrorKind::k_io);
  expect_no_real_path(made.error());
}

TEST_F(PlatformDbTest, AMissingDatabaseIsNotFoundAndNeverMade) {
  std::filesystem::remove_all(file().parent_path());
  PlatformDb db(file(), k_name);
  const auto answer = touch(db);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::k_not_found);
  EXPECT_EQ(answer.error().message, "no platform database at .runpin/platform.db");
  EXPECT_EQ(answer.error().fix,
            "restore it from a backup, or make a new workspace elsewhere with runpin init");
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(PlatformDbTest, ADatabaseRemovedUnderAnOpenConnectionIsNotFound) {
  PlatformDb db(file(), k_name);
  ASSERT_TRUE(touch(db));
  std::filesystem::remove(file());
  const auto answer = touch(db);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::k_not_found);
}

TEST_F(PlatformDbTest, FindsADatabaseThatIsRestored) {
  PlatformDb db(file(), k_name);
  const auto elsewhere = dir_.path() / "elsewhere.db";
  std::filesystem::rename(file(), elsewhere);
  ASSERT_FALSE(touch(db));
  std::filesystem::rename(elsewhere, file());
  EXPECT_TRUE(touch(db));
}

TEST_F(PlatformDbTest, RefusesWhatIsNoPlatformDatabase) {
  const auto refusal = [&](const std::string& what) {
    PlatformDb db(file(), k_name);
    const auto answer = touch(db);
    EXPECT_FALSE(answer) << what;
    if (answer) return std::string();
    EXPECT_EQ(answer.error().kind, ErrorKind::k_malformed) << what;
    expect_no_real_path(answer.error());
    return answer.error().message;
  };
  std::filesystem::remove(file());
  std::ofstream(file()) << "";
  EXPECT_EQ(refusal("empty"), ".runpin/platform.db is no runpin platform database");
  std::ofstream(file()) << std::string(8192, 'x');
  EXPECT_EQ(refusal("noise"),
            ".runpin/platform.db is damaged or no platform database (file is not a database)");
  std::filesystem::remove(file());
  SQLite::Database(file().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
      .exec("CREATE TABLE objects (key)");
  EXPECT_EQ(refusal("another program's"), ".runpin/platform.db is no runpin platform database");
  std::filesystem::remove(file());
  std::filesystem::create_directory(file());
  EXPECT_EQ(refusal("directory"),
            "expected a platform database at .runpin/platform.db, found a directory");
}

TEST_F(PlatformDbTest, RefusesAnotherSchemaVersion) {
  sql("PRAGMA user_version = 2");
  PlatformDb newer(file(), k_name);
  const auto answer = touch(newer);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::k_malformed);
  EXPECT_EQ(answer.error().message, ".runpin/platform.db has schema version 2, expected 1");
  EXPECT_EQ(answer.error().fix, "use the newer runpin that made it");
}

TEST_F(PlatformDbTest, AnErrorWithinATransactionRollsItBack) {
  PlatformDb db(file(), k_name);
  const auto failed = db.write([](SQLite::Database& open) -> Result<int> {
    open.exec("INSERT INTO state_machines VALUES ('arn', 'n', 'r', 'ACTIVE', 't')");
    return fail(ErrorKind::k_conflict, "no");
  });
  EXPECT_FALSE(failed);
  EXPECT_EQ(raw().execAndGet("SELECT count(*) FROM state_machines").getInt(), 0);
}

TEST_F(PlatformDbTest, ADatabaseThatMayNotBeWrittenIsDenied) {
  std::filesystem::permissions(dir_.path(), std::filesystem::perms(0755));
  std::filesystem::permissions(file().parent_path(), std::filesystem::perms(0555));
  std::filesystem::permissions(file(), std::filesystem::perms(0444));
  const int code = in_child([&] {
    if (!testing::drop_privileges()) return 99;
    return exit_code_of(SqliteEvidenceStore(file(), k_name).check_reachable());
  });
  EXPECT_EQ(code, exit_code_of(ErrorKind::k_denied));
  std::filesystem::permissions(file().parent_path(), std::filesystem::perms(0755));
}

TEST_F(PlatformDbTest, ADatabaseThatCannotGrowIsUnavailable) {
  const int code = in_child([&] {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{40'960, 40'960};
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return 99;
    return exit_code_of(SqliteEvidenceStore(file(), k_name).check_reachable());
  });
  EXPECT_EQ(code, exit_code_of(ErrorKind::k_unavailable));
}

TEST_F(PlatformDbTest, NamesWhatSqliteReports) {
  const struct {
    int code;
    ErrorKind kind;
    std::string message;
  } rows[] = {
      {SQLITE_BUSY, ErrorKind::k_unavailable,
       "another process has kept the platform database p.db locked for 30 s"},
      {SQLITE_BUSY_RECOVERY, ErrorKind::k_unavailable,
       "another process has kept the platform database p.db locked for 30 s"},
      {SQLITE_READONLY_DBMOVED, ErrorKind::k_denied,
       "the platform database p.db cannot be written"},
      {SQLITE_PERM, ErrorKind::k_denied, "the platform database p.db cannot be written"},
      {SQLITE_AUTH, ErrorKind::k_denied, "the platform database p.db cannot be written"},
      {SQLITE_FULL, ErrorKind::k_unavailable, "no room to write the platform database p.db"},
      {SQLITE_IOERR_FSYNC, ErrorKind::k_unavailable,
       "I/O error on the platform database p.db: disk I/O error"},
      {SQLITE_CORRUPT, ErrorKind::k_malformed,
       "p.db is damaged or no platform database (database disk image is malformed)"},
      {SQLITE_NOTADB, ErrorKind::k_malformed,
       "p.db is damaged or no platform database (file is not a database)"},
      {SQLITE_CANTOPEN, ErrorKind::k_not_found, "no platform database at p.db"},
  };
  for (const auto& row : rows) {
    const Error error =
        sqlite_error(SQLite::Exception("text", row.code), dir_.path() / "p.db", "p.db");
    EXPECT_EQ(error.kind, row.kind) << row.message;
    EXPECT_EQ(error.message, row.message);
    EXPECT_EQ(error.where, "p.db");
  }
}

}  // namespace
}  // namespace runpin
