// A clock that steps back.
#include <gtest/gtest.h>

#include "tests/adapters/temp_dir.h"
#include "tests/crash/recovery.h"
#include "tests/crash/shimmed.h"

namespace runpin::testing {
namespace {

// 2026-02-23T17:43:07Z, and an hour before.
constexpr const char* k_steps_back_after_first_reading = "1771868587:1:1771864987";
constexpr const char* k_stands_still = "1771868587:1:1771868587";

std::map<std::string, std::string> evidence_of(const SampleWorkspace& workspace) {
  auto objects = workspace.durable();
  std::erase_if(objects, [](const auto& object) {  // these hold a nonce
    return object.first.ends_with("/claim.json") || object.first.ends_with("/reservation.json");
  });
  return objects;
}

TEST(ClockStepsBack, BetweenLanesLeavesTheEvidenceAsItIs) {
  const TempDir dir;
  const SampleWorkspace sample(dir.path(), "sample");
  std::map<std::string, std::string> evidence[2];
  int i = 0;
  for (const char* clock : {k_stands_still, k_steps_back_after_first_reading}) {
    const SampleWorkspace workspace = copy_of(sample, dir.path() / "w");
    const Finished done =
        run_shimmed(workspace.program({"run"}), workspace.root(), {{}, {}, clock});
    ASSERT_EQ(done.exit_code, 0) << done.out << done.err;
    EXPECT_EQ(verify_run(workspace), "");
    evidence[i++] = evidence_of(workspace);
  }
  EXPECT_EQ(evidence[0], evidence[1]);
  EXPECT_NE(evidence[0].size(), 0u);
}

TEST(ClockStepsBack, BeforeAResumeIsRefusedAndNothingIsWritten) {
  const TempDir dir;
  const SampleWorkspace workspace(dir.path());
  ASSERT_EQ(workspace.runpin({"run", "--to", "d", "--now", k_sample_now}).exit_code, 0);
  const auto before = workspace.durable();
  const Finished refused = workspace.runpin({"resume", "--now", "2026-02-23T17:43:06Z"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_EQ(lines_of(refused.err).size(), 1u) << refused.err;
  EXPECT_NE(refused.err.find("2026-02-23T17:43:06Z is before 2026-02-23T17:43:07Z"),
            std::string::npos)
      << refused.err;
  EXPECT_EQ(workspace.durable(), before);
  EXPECT_TRUE(recover(workspace).advanced);
  EXPECT_EQ(verify_run(workspace), "");
}

}  // namespace
}  // namespace runpin::testing
