// SIGKILL at every call of a command that changes something: what was committed stays, what was not
// leaves nothing, and the program's own words lead on.
#include <gtest/gtest.h>

#include <cstdio>
#include <functional>

#include "tests/adapters/temp_dir.h"
#include "tests/crash/recovery.h"
#include "tests/crash/shimmed.h"
#include "tests/support/tree.h"

namespace runpin::testing {
namespace {

namespace fs = std::filesystem;

constexpr int k_killed = 128 + 9;
constexpr int k_shards = 4;

// Where a process is killed.
struct KillPoint {
  std::string order;
  std::string name;
};

// One thread makes all calls: what one call has left is what the next finds, but for the wal-index
// in memory that SQLite keeps beside its log. So only there a process is also killed right after.
bool is_killed_after(const LoggedCall& call, const std::vector<LoggedCall>& calls) {
  return &call == &calls.back() ||
         fs::path(call.path).filename().string().starts_with("platform.db");
}

std::vector<KillPoint> points_of(const std::vector<LoggedCall>& calls, const fs::path& root) {
  std::vector<KillPoint> points;
  for (const LoggedCall& call : calls) {
    if (call.number == 0) continue;
    for (const std::string when : {"before", "after", "half"}) {
      if (when == "after" && !is_killed_after(call, calls)) continue;
      if (when == "half" && (call.kind != "write" || call.length < 2)) continue;
      points.push_back({when + ":" + std::to_string(call.number),
                        when + " " + std::to_string(call.number) + ", " + name_of(call, root)});
    }
  }
  return points;
}

class KillTest : public ::testing::TestWithParam<int> {
 protected:
  // Every point of `command` on a copy of `before`, each followed by `then`; those of this shard.
  int kill_everywhere(const SampleWorkspace& before, const std::vector<std::string>& command,
                      const std::function<void(const SampleWorkspace&, const std::string&)>& then,
                      int shard, int shards) const {
    const fs::path place = dir_.path() / "copy";
    const SampleWorkspace counted = copy_of(before, place);
    const auto points = points_of(calls_of(counted.program(command), place), place);
    int kills = 0;
    for (std::size_t i = static_cast<std::size_t>(shard); i < points.size();
         i += static_cast<std::size_t>(shards)) {
      const SampleWorkspace workspace = copy_of(before, place);
      const Finished killed = run_shimmed(workspace.program(command), place, {points[i].order});
      EXPECT_EQ(killed.exit_code, k_killed) << points[i].name;
      then(workspace, "killed " + points[i].name);
      ++kills;
      if (::testing::Test::HasFatalFailure()) break;
    }
    return kills;
  }

  TempDir dir_;
};

void expect_recovery(const SampleWorkspace& workspace, const std::string& where) {
  const Recovery recovery = recover(workspace);
  ASSERT_TRUE(recovery.advanced) << where << "\n" << recovery.said;
  EXPECT_EQ(verify_run(workspace), "") << where << "\n" << recovery.said;
}

TEST_P(KillTest, ARunKilledAnywhereGoesOnToAnAdvance) {
  const SampleWorkspace sample(dir_.path(), "sample");
  const int runs = kill_everywhere(sample, {"run", "--now", k_sample_now}, expect_recovery,
                                   GetParam(), k_shards);
  if (HasFailure()) return;
  std::printf(
      "figure: kill points, embedded, part %d of %d: %d runs, 0 lost, 0 doubled, 0 unreadable\n",
      GetParam() + 1, k_shards, runs);
}

INSTANTIATE_TEST_SUITE_P(Parts, KillTest, ::testing::Range(0, k_shards));

using SecondKillTest = KillTest;

// A run that was killed at a few places, and then its resume at every place.
TEST_P(SecondKillTest, AResumeKilledAnywhereGoesOnToAnAdvance) {
  const SampleWorkspace sample(dir_.path(), "sample");
  const fs::path base = dir_.path() / "base";
  const SampleWorkspace counted = copy_of(sample, base);
  const auto calls = calls_of(counted.program({"run", "--now", k_sample_now}), base);
  const std::size_t at = calls.size() * static_cast<std::size_t>(2 * GetParam() + 1) / 6;
  const SampleWorkspace stopped = copy_of(sample, base);
  run_shimmed(stopped.program({"run", "--now", k_sample_now}), base,
              {"before:" + std::to_string(std::max(1L, calls[at].number))});
  const int runs =
      kill_everywhere(stopped, {"resume", "--now", "2026-02-23T17:50:00Z"}, expect_recovery, 0, 3);
  if (HasFailure()) return;
  std::printf(
      "figure: kill points of a resume, embedded, part %d of 3: %d runs, 0 lost, 0 doubled, 0 "
      "unreadable\n",
      GetParam() + 1, runs);
}

INSTANTIATE_TEST_SUITE_P(Parts, SecondKillTest, ::testing::Range(0, 3));

using OtherCommandsTest = KillTest;

TEST_F(OtherCommandsTest, AResetIsRecordedOrNot) {
  const SampleWorkspace held(dir_.path(), "held");
  held.replace("inputs/m2j_m3_entry_readiness_receipt.json", "\"m3_entry_ready\": true",
               "\"m3_entry_ready\": false");
  ASSERT_EQ(held.runpin({"run", "--now", k_sample_now}).exit_code, 3);
  held.replace("inputs/m2j_m3_entry_readiness_receipt.json", "\"m3_entry_ready\": false",
               "\"m3_entry_ready\": true");
  const std::vector<std::string> record{
      "reset",    "record",  "--class", "checkpoint_reset", "--actor", "ops",
      "--reason", "a check", "--scope", "checkpoints",      "--now",   "2026-02-23T17:45:00Z"};
  const int kills = kill_everywhere(
      held, record,
      [](const SampleWorkspace& workspace, const std::string& where) {
        int receipts = 0;
        for (const auto& [key, bytes] : workspace.durable()) {
          if (!key.ends_with("reset_receipt.json")) continue;
          ++receipts;
          EXPECT_EQ(parsed(bytes)["class"].text(), "checkpoint_reset") << where;
        }
        EXPECT_LE(receipts, 1) << where;
        expect_recovery(workspace, where);
      },
      0, 1);
  if (HasFailure()) return;
  std::printf("figure: kill points of reset record: %d\n", kills);
}

TEST_F(OtherCommandsTest, AnExecutionIsStartedOrNot) {
  const SampleWorkspace sample(dir_.path(), "sample");
  const int kills = kill_everywhere(
      sample, {"orchestrator", "start", "platform_1"},
      [](const SampleWorkspace& workspace, const std::string& where) {
        EXPECT_EQ(workspace.runpin({"orchestrator", "start", "platform_1"}).exit_code, 0) << where;
        EXPECT_EQ(lines_of(workspace.runpin({"orchestrator", "list"}).out).size(), 1u) << where;
      },
      0, 1);
  if (HasFailure()) return;
  std::printf("figure: kill points of orchestrator start: %d\n", kills);
}

// `init` killed anywhere, then the same once more: a workspace, and nothing beside it.
class InitKillTest : public OtherCommandsTest {
 protected:
  Program init(const fs::path& parent) const {
    Program program;
    program.command = {RUNPIN_BINARY, "init", "w", "--sample"};
    program.directory = parent;
    return program;
  }
  fs::path fresh_parent(bool target_is_there) const {
    const fs::path parent = dir_.path() / "parent";
    fs::remove_all(parent);
    fs::create_directory(parent);
    if (target_is_there) {
      fs::create_directory(parent / "w");
      write_file(parent / "w/mine.txt", "mine");
    }
    return parent;
  }
  // The database holds the instant at which it was made.
  static std::map<std::string, std::string> files_in(const fs::path& parent) {
    auto files = tree_of(parent);
    files.at("w/.runpin/platform.db").clear();
    return files;
  }
  int kill_everywhere_in(bool target_is_there) const {
    const fs::path parent = fresh_parent(target_is_there);
    auto points = points_of(calls_of(init(parent), parent), parent);
    std::erase_if(points, [](const KillPoint& point) { return point.order.starts_with("half"); });
    const auto whole = files_in(parent);
    int killed = 0;
    for (const KillPoint& point : points) {
      fresh_parent(target_is_there);
      EXPECT_EQ(run_shimmed(init(parent), parent, {point.order}).exit_code, k_killed);
      const Finished again = run(init(parent));
      EXPECT_TRUE(again.exit_code == 0 ||
                  again.err.find("there is a workspace already") != std::string::npos)
          << point.name << again.err;
      EXPECT_EQ(files_in(parent), whole) << point.name;
      const auto workspace = SampleWorkspace::standing_at(parent / "w");
      EXPECT_EQ(workspace.runpin({"orchestrator", "list"}).exit_code, 0) << point.name;
      if (++killed % 16 != 0) continue;
      EXPECT_EQ(workspace.runpin({"run", "--now", k_sample_now}).exit_code, 0) << point.name;
      EXPECT_EQ(verify_run(workspace), "") << point.name;
    }
    return static_cast<int>(points.size());
  }
};

TEST_F(InitKillTest, ANewWorkspaceIsMadeWholeOrNotAtAll) {
  const int kills = kill_everywhere_in(false);
  if (!HasFailure()) std::printf("figure: kill points of init: %d\n", kills);
}

TEST_F(InitKillTest, AWorkspaceInADirectoryThatIsThereIsMadeWholeOrNotAtAll) {
  const int kills = kill_everywhere_in(true);
  EXPECT_EQ(read_file(dir_.path() / "parent/w/mine.txt"), "mine");
  if (!HasFailure())
    std::printf("figure: kill points of init in a directory that is there: %d\n", kills);
}

}  // namespace
}  // namespace runpin::testing
