// A store that another version of runpin made or wrote to.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>

#include "runpin/canon/digest.h"
#include "tests/adapters/temp_dir.h"
#include "tests/crash/recovery.h"
#include "tests/support/sample_workspace.h"

namespace runpin::testing {
namespace {

void execute(const SampleWorkspace& workspace, const std::string& sql) {
  SQLite::Database db(workspace.database().string(), SQLite::OPEN_READWRITE);
  db.exec(sql);
}

class OtherVersions : public ::testing::Test {
 protected:
  // Every command that opens the store says so in a line, and the file stays as it is.
  void expect_refused(const std::string& line) const {
    const std::string before = workspace_.read(".runpin/platform.db");
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"resume"}, {"status"}, {"list"}, {"orchestrator", "list"}}) {
      const Finished done = workspace_.runpin(command);
      EXPECT_NE(done.exit_code, 0) << command[0];
      EXPECT_EQ(lines_of(done.err).size(), 1u) << done.err;
      EXPECT_NE(done.err.find(line), std::string::npos) << done.err;
    }
    const Finished run = workspace_.runpin({"run", "--now", k_recovery_now});
    EXPECT_EQ(run.exit_code, 3) << run.out;
    EXPECT_NE(run.out.find(line), std::string::npos) << run.out;
    EXPECT_EQ(workspace_.read(".runpin/platform.db"), before);
  }

  TempDir dir_;
  SampleWorkspace workspace_{dir_.path()};
};

TEST_F(OtherVersions, ANewerDatabaseIsRefusedAndLeftAlone) {
  ASSERT_EQ(workspace_.runpin({"run", "--now", k_sample_now}).exit_code, 0);
  execute(workspace_, "PRAGMA user_version = 2");
  expect_refused(".runpin/platform.db has schema version 2, expected 1");
  execute(workspace_, "PRAGMA user_version = 1");
  EXPECT_EQ(workspace_.runpin({"status"}).exit_code, 0);
}

TEST_F(OtherVersions, ADatabaseWithoutAVersionIsRefusedAndLeftAlone) {
  execute(workspace_, "PRAGMA user_version = 0");
  expect_refused(".runpin/platform.db has schema version 0, expected 1");
}

// As a newer runpin might have written them: objects whose JSON has one more field.
void add_field(const SampleWorkspace& workspace, const std::string& key_ends_with) {
  SQLite::Database db(workspace.database().string(), SQLite::OPEN_READWRITE);
  const std::string trigger =
      db.execAndGet("SELECT sql FROM sqlite_master WHERE name = 'objects_refuse_update'")
          .getString();
  db.exec("DROP TRIGGER objects_refuse_update");
  int changed = 0;
  for (const auto& [key, bytes] : workspace.durable()) {
    if (!key.ends_with(key_ends_with)) continue;
    const std::string more = "{\n  \"a_newer_field\": true," + bytes.substr(1);
    SQLite::Statement update(db, "UPDATE objects SET bytes = ?, sha256 = ? WHERE key = ?");
    update.bind(1, more.data(), static_cast<int>(more.size()));
    update.bind(2, sha256(more).str());
    update.bind(3, key);
    changed += update.exec();
  }
  db.exec(trigger);
  ASSERT_GT(changed, 0) << key_ends_with;
}

TEST_F(OtherVersions, EvidenceWithMoreFieldsIsReadAndNoRunIsClosedOnWhatThisOneCannotVerify) {
  ASSERT_EQ(workspace_.runpin({"run", "--to", "a", "--now", k_sample_now}).exit_code, 0);
  add_field(workspace_, "/reservation.json");
  add_field(workspace_, "/m3a_execution_summary.json");
  EXPECT_EQ(workspace_.runpin({"status"}).exit_code, 0);
  const Finished resumed = workspace_.runpin({"resume"});
  EXPECT_EQ(resumed.exit_code, 4);
  EXPECT_NE(resumed.out.find("M3J-B5"), std::string::npos) << resumed.out;
  EXPECT_EQ(workspace_.runpin({"run"}).exit_code, 0);
  EXPECT_EQ(workspace_.runpin({"verify"}).exit_code, 0);
}

// What is not read as an attempt hides no other run.
TEST_F(OtherVersions, AReservationThatCannotBeReadHidesNoOtherRun) {
  ASSERT_EQ(workspace_.runpin({"run", "--now", k_sample_now}).exit_code, 0);
  execute(workspace_,
          "INSERT INTO objects (key, version, sha256, bytes) VALUES"
          " ((SELECT replace(key, 'm3a_2026', 'm3a_2025') FROM objects"
          "   WHERE key LIKE '%/reservation.json'), 1,"
          "  '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a', CAST('{}' AS "
          "BLOB))");
  const Finished list = workspace_.runpin({"list"});
  EXPECT_EQ(list.exit_code, 0) << list.err;
  EXPECT_EQ(lines_of(list.out).size(), 2u) << list.out;
  EXPECT_NE(list.out.find("ADVANCE_TO_M4"), std::string::npos) << list.out;
  EXPECT_NE(list.out.find("a reservation lacks a field or contradicts itself"), std::string::npos)
      << list.out;
  EXPECT_EQ(workspace_.runpin({"status"}).exit_code, 0);
}

}  // namespace
}  // namespace runpin::testing
