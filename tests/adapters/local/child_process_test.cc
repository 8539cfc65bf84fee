#include "runpin/adapters/local/child_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace runpin {
namespace {

using ::testing::HasSubstr;

Result<Bytes> shell(const std::string& script, std::chrono::milliseconds deadline) {
  return run_child({{"sh", "-c", script}, ".", deadline, 1000});
}

TEST(ChildProcess, GivesWhatItPrintsWhenItEndsWell) {
  EXPECT_EQ(shell("printf out; printf secret >&2", std::chrono::seconds(20)).value(), "out");
}

TEST(ChildProcess, IsEndedAtTheDeadlineThoughItClosedItsOutput) {
  const auto late = shell("exec 1>&-; sleep 60", std::chrono::milliseconds(200));
  ASSERT_FALSE(late);
  EXPECT_THAT(late.error().message, HasSubstr("did not end within 0.2 s"));
}

TEST(ChildProcess, KeepsItsStderrToItself) {
  ::testing::internal::CaptureStderr();
  (void)shell("echo secret >&2; exit 1", std::chrono::seconds(20));
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace runpin
