// Disk full, read-only, I/O errors, and the like at every call of a run: the program ends in order
// and says what and where; what it calls an advance is one; and the next run is clean.
#include <gtest/gtest.h>

#include <cerrno>
#include <cstdio>
#include <map>
#include <ostream>

#include "tests/adapters/temp_dir.h"
#include "tests/crash/recovery.h"
#include "tests/crash/shimmed.h"

namespace runpin::testing {
namespace {

namespace fs = std::filesystem;

struct Fault {
  const char* name;
  std::string kind;  // as RUNPIN_SHIM_FAIL has it
  int code;
  int step;  // every so many calls of the kind

  friend std::ostream& operator<<(std::ostream& out, const Fault& fault) {
    return out << fault.name;
  }
};

const Fault k_faults[] = {
    {"DiskFull", "write", ENOSPC, 13},     {"DiskFullHalfway", "short", ENOSPC, 13},
    {"QuotaReached", "create", EDQUOT, 3}, {"WriteError", "write", EIO, 13},
    {"SyncError", "sync", EIO, 3},         {"ReadError", "read", EIO, 16},
    {"RenameError", "rename", EIO, 1},     {"RenameDenied", "rename", EACCES, 2},
    {"ReadOnly", "create", EROFS, 3},      {"MakingDirectoriesDenied", "mkdir", EACCES, 2},
    {"OpenError", "open", EIO, 3},         {"OpenDenied", "open", EACCES, 4},
};

class FaultTest : public ::testing::TestWithParam<Fault> {
 protected:
  // A refusal is a blocker that names what and where, or one line that begins with "error".
  static void expect_order(const Finished& done, const std::string& where) {
    ASSERT_TRUE(done.exit_code >= 0 && done.exit_code <= 4) << where;
    if (done.exit_code == 0) return;
    const Json report = parsed(done.out);
    bool named = report["error"]["message"].if_string() != nullptr;
    for (const Json& lane : report["lanes"].items())
      for (const Json& blocker : lane["blockers"].items())
        named = named || (!blocker["found"].text().empty() && !blocker["where"].text().empty());
    EXPECT_TRUE(named) << where << "\n" << done.out << done.err;
  }

  void fail_at(const SampleWorkspace& sample, long n, bool from_there_on) {
    const fs::path place = dir_.path() / "copy";
    const SampleWorkspace workspace = copy_of(sample, place);
    const Fault& fault = GetParam();
    const std::string order = fault.kind + ":" + std::to_string(n) + (from_there_on ? "+" : "") +
                              ":" + std::to_string(fault.code);
    const Finished done = run_shimmed(workspace.program({"run", "--now", k_sample_now, "--json"}),
                                      place, {{}, order});
    const std::string where = order + " exits " + std::to_string(done.exit_code) + "\n" + done.err;
    expect_order(done, where);
    ++ended_[done.exit_code];
    if (done.exit_code == 2) {
      EXPECT_EQ(workspace.durable(), sample.durable())
          << "exit 2 is for nothing written: " << where;
    }
    if (done.exit_code == 0) {
      EXPECT_EQ(parsed(done.out)["verdict"].text(), "ADVANCE_TO_M4") << where;
      EXPECT_EQ(workspace.runpin({"verify"}).exit_code, 0) << where;
    }
    const Finished next = workspace.runpin({"run", "--now", k_recovery_now});
    EXPECT_EQ(next.exit_code, 0) << where << next.out << next.err;
  }

  TempDir dir_;
  std::map<int, int> ended_;  // runs by exit code
};

TEST_P(FaultTest, EndsInOrderAndTheNextRunIsClean) {
  const SampleWorkspace sample(dir_.path(), "sample");
  const SampleWorkspace counted = copy_of(sample, dir_.path() / "copy");
  const Fault& fault = GetParam();
  const std::string kind = fault.kind == "short" ? "write" : fault.kind;
  long calls = 0;
  for (const LoggedCall& call :
       calls_of(counted.program({"run", "--now", k_sample_now}), counted.root()))
    calls += call.kind == kind;
  ASSERT_GT(calls, 0);
  int runs = 0;
  for (long n = 1; n <= calls; n += fault.step)
    for (const bool from_there_on : {false, true}) {
      fail_at(sample, n, from_there_on);
      ++runs;
    }
  if (HasFailure()) return;
  std::printf("figure: %s at %ld calls of a run: %d runs end with", fault.name, calls, runs);
  for (const auto& [code, count] : ended_) std::printf(" %d (%d times)", code, count);
  std::printf(", every next run advances\n");
}

INSTANTIATE_TEST_SUITE_P(Kinds, FaultTest, ::testing::ValuesIn(k_faults),
                         [](const auto& fault) { return std::string(fault.param.name); });

}  // namespace
}  // namespace runpin::testing
