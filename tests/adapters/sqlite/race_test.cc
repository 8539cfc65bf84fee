// Many processes at once, as on a machine where several people run runpin.
#include <atomic>
#include <map>
#include <thread>

#include "runpin/adapters/sqlite/sqlite_evidence_store.h"
#include "tests/adapters/in_child.h"
#include "tests/adapters/sqlite/temp_db.h"

namespace runpin {
namespace {

using testing::k_name;

constexpr int k_writers = 24;
enum Outcome { k_created = 10, k_already_there = 11, k_conflict = 12, k_other = 13 };

int outcome_of(const Result<PutResult>& result) {
  if (result) return result->outcome == PutOutcome::k_created ? k_created : k_already_there;
  return result.error().kind == ErrorKind::k_conflict ? k_conflict : k_other;
}

class SqliteRace : public testing::PlatformDbTest {};

TEST_F(SqliteRace, OneOfManyWritersOfDifferentBytesWins) {
  for (int round = 0; round < 5; ++round) {
    const ObjectKey key("claim-" + std::to_string(round));
    const auto outcomes = testing::race(k_writers, [&](int i) {
      SqliteEvidenceStore store(file(), k_name);
      const auto result = store.create({key, "writer " + std::to_string(i)});
      const auto standing = store.get(key);
      const bool mine =
          standing && *standing && (*standing)->bytes == "writer " + std::to_string(i);
      return mine == result.has_value() ? outcome_of(result) : k_other;
    });
    EXPECT_EQ(outcomes, (std::map<int, int>{{k_created, 1}, {k_conflict, k_writers - 1}}));
  }
  EXPECT_EQ(raw().execAndGet("SELECT count(*) FROM objects").getInt(), 5);
}

TEST_F(SqliteRace, OneOfManyWritersOfTheSameBytesCreates) {
  const auto outcomes = testing::race(k_writers, [&](int) {
    return outcome_of(SqliteEvidenceStore(file(), k_name).create({ObjectKey("k"), "same"}));
  });
  EXPECT_EQ(outcomes, (std::map<int, int>{{k_created, 1}, {k_already_there, k_writers - 1}}));
}

TEST_F(SqliteRace, EveryWriterOfItsOwnKeySucceeds) {
  const auto outcomes = testing::race(k_writers, [&](int i) {
    SqliteEvidenceStore store(file(), k_name);
    for (int n = 0; n < 5; ++n) {
      const std::string run = std::to_string(i) + "/" + std::to_string(n);
      const std::vector<ObjectToWrite> artifacts = {{ObjectKey(run + "/a"), run}};
      if (!store.check_reachable() || !store.publish(artifacts, {ObjectKey(run + "/s"), run}))
        return int{k_other};
    }
    return int{k_created};
  });
  EXPECT_EQ(outcomes, (std::map<int, int>{{k_created, k_writers}}));
  EXPECT_EQ(raw().execAndGet("SELECT count(*) FROM objects").getInt(), k_writers * 5 * 2);
}

TEST_F(SqliteRace, OneDatabaseIsMadeByManyCreators) {
  const auto made = dir_.path() / "made" / "platform.db";
  const auto outcomes = testing::race(k_writers, [&](int) {
    const auto result = create_platform_db(made, k_name);
    if (result) return int{k_created};
    return int{result.error().kind == ErrorKind::k_conflict ? k_conflict : k_other};
  });
  EXPECT_EQ(outcomes, (std::map<int, int>{{k_created, 1}, {k_conflict, k_writers - 1}}));
  EXPECT_TRUE(SqliteEvidenceStore(made, k_name).check_reachable());
}

TEST_F(SqliteRace, OneStoreServesManyThreads) {
  SqliteEvidenceStore store(file(), k_name);
  std::atomic<int> created = 0, conflicts = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&, i] {
      for (int n = 0; n < 10; ++n) {
        const auto result = store.create({ObjectKey(std::to_string(n)), std::to_string(i)});
        if (result)
          ++created;
        else if (result.error().kind == ErrorKind::k_conflict)
          ++conflicts;
      }
    });
  threads.clear();
  EXPECT_EQ(created, 10);
  EXPECT_EQ(conflicts, 70);
}

}  // namespace
}  // namespace runpin
