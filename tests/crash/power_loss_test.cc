// Power loss at every call of a run: what was not fsynced is gone, or there in part. What durable
// storage has committed, and what the program has told its user, stays.
#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <random>

#include "runpin/adapters/sqlite/platform_db.h"
#include "tests/adapters/temp_dir.h"
#include "tests/crash/disk.h"
#include "tests/crash/recovery.h"

namespace runpin::testing {
namespace {

namespace fs = std::filesystem;

constexpr int k_shards = 4;

// What becomes of pages and names that are not certain, by a number.
std::function<bool()> chance(int which, std::size_t point) {
  if (which == 0) return [] { return false; };
  const auto random = std::make_shared<std::minstd_rand>(static_cast<unsigned>(point * 8) +
                                                         static_cast<unsigned>(which));
  return [random] { return (*random)() % 2 == 0; };
}

class PowerLossTest : public ::testing::TestWithParam<int> {
 protected:
  // The workspace that is left when the power goes behind all calls that `disk` knows.
  SampleWorkspace left_by(const Disk& disk, const std::function<bool()>& keep) const {
    const fs::path place = dir_.path() / "left";
    fs::remove_all(place);
    disk.write_after_power_loss(place, keep);
    return SampleWorkspace::standing_at(place);
  }

  TempDir dir_;
};

TEST_P(PowerLossTest, ARunGoesOnToAnAdvanceWhereverThePowerGoes) {
  const SampleWorkspace sample(dir_.path(), "sample");
  const SampleWorkspace traced = copy_of(sample, dir_.path() / "traced");
  Disk disk(traced.root());
  const auto calls = calls_of(traced.program({"run", "--now", k_sample_now}), traced.root(), true);
  int losses = 0;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    disk.apply(calls[i]);
    if (calls[i].number == 0 || i % k_shards != static_cast<std::size_t>(GetParam())) continue;
    for (const int which : {0, 1}) {
      const SampleWorkspace workspace = left_by(disk, chance(which, i));
      const Recovery recovery = recover(workspace);
      const std::string where = "behind call " + std::to_string(calls[i].number) + " (" +
                                name_of(calls[i], traced.root()) + "), variant " +
                                std::to_string(which) + "\n" + recovery.said;
      ASSERT_TRUE(recovery.advanced) << where;
      EXPECT_EQ(verify_run(workspace), "") << where;
      ++losses;
    }
  }
  if (HasFailure()) return;
  std::printf("figure: power losses in a run, part %d of %d: %d, 0 lost, 0 doubled, 0 unreadable\n",
              GetParam() + 1, k_shards, losses);
}

INSTANTIATE_TEST_SUITE_P(Parts, PowerLossTest, ::testing::Range(0, k_shards));

using ToldTest = PowerLossTest;

TEST_F(ToldTest, AVerdictThatWasShownIsThereAfterAPowerLoss) {
  const SampleWorkspace workspace(dir_.path(), "w");
  Disk disk(workspace.root());
  for (const LoggedCall& call :
       calls_of(workspace.program({"run", "--now", k_sample_now}), workspace.root(), true))
    disk.apply(call);
  for (const int which : {0, 1, 2, 3}) EXPECT_EQ(verify_run(left_by(disk, chance(which, 0))), "");
}

// The sync of the log that makes the last commit certain.
long last_commit(const std::vector<LoggedCall>& calls) {
  long last = 0;
  bool is_written = false;
  for (const LoggedCall& call : calls) {
    if (!call.path.ends_with("platform.db-wal")) continue;
    if (call.kind == "sync" && is_written) last = call.number;
    is_written = call.kind == "write" || (is_written && call.kind != "sync");
  }
  return last;
}

// `run`, killed between the write of its last commit and the sync.
TEST_F(ToldTest, AVerdictThatStatusShowsIsThereAfterAPowerLossThoughItsWriterWasKilled) {
  const SampleWorkspace sample(dir_.path(), "sample");
  const SampleWorkspace workspace = copy_of(sample, dir_.path() / "killed");
  const std::vector<std::string> run = {"run", "--now", k_sample_now};
  const SampleWorkspace traced = copy_of(sample, dir_.path() / "traced");
  const long last = last_commit(calls_of(traced.program(run), traced.root()));
  Disk disk(workspace.root());
  for (const LoggedCall& call :
       calls_of(workspace.program(run), workspace.root(), true, "before:" + std::to_string(last)))
    disk.apply(call);

  // Who else has the database open keeps `status` from moving the log into it at its end.
  PlatformDb other(workspace.root() / ".runpin/platform.db", "sqlite:.runpin/platform.db");
  ASSERT_TRUE(other.read([](SQLite::Database&) -> Result<void> { return {}; }));
  const auto status = calls_of(workspace.program({"status"}), workspace.root(), true);
  ASSERT_EQ(workspace.runpin({"status"}).exit_code, 0);
  for (const LoggedCall& call : status) disk.apply(call);
  const SampleWorkspace left = left_by(disk, chance(0, 0));
  EXPECT_EQ(left.runpin({"status"}).exit_code, 0);
  EXPECT_EQ(left.runpin({"verify"}).exit_code, 0);
}

TEST_F(ToldTest, AWorkspaceThatWasMadeIsThereAfterAPowerLoss) {
  for (const char* name : {"w", "some/where/w"}) {
    const fs::path parent = dir_.path() / "parent";
    fs::remove_all(parent);
    fs::create_directory(parent);
    Disk disk(parent);
    Program init;
    init.command = {RUNPIN_BINARY, "init", name, "--sample"};
    init.directory = parent;
    for (const LoggedCall& call : calls_of(init, parent, true)) disk.apply(call);
    for (const int which : {0, 1}) {
      const auto left = SampleWorkspace::standing_at(left_by(disk, chance(which, 0)).root() / name);
      EXPECT_EQ(left.runpin({"run", "--now", k_sample_now}).exit_code, 0) << name << which;
    }
  }
}

TEST_F(ToldTest, AStartedExecutionIsThereAfterAPowerLoss) {
  const SampleWorkspace workspace(dir_.path(), "w");
  Disk disk(workspace.root());
  for (const LoggedCall& call :
       calls_of(workspace.program({"orchestrator", "start", "platform_1"}), workspace.root(), true))
    disk.apply(call);
  const auto left = left_by(disk, chance(0, 0));
  EXPECT_NE(left.runpin({"orchestrator", "list"}).out.find("platform_1"), std::string::npos);
}

}  // namespace
}  // namespace runpin::testing
