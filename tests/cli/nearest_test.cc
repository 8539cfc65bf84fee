#include "runpin/cli/nearest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace runpin::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Nearest, RanksByEditsAndKeepsTheOrderOfEquals) {
  const std::vector<std::string> names{"AWS_REGION", "MSK_REGION", "ENV_NAME"};
  EXPECT_THAT(nearest("AWS_REGIN", names, 3), ElementsAre("AWS_REGION"));
  EXPECT_THAT(nearest("XXX_REGION", names, 3), ElementsAre("AWS_REGION", "MSK_REGION"));
  EXPECT_THAT(nearest("XXX_REGION", names, 1), ElementsAre("AWS_REGION"));
}

TEST(Nearest, FindsNothingThatIsNoSlip) {
  EXPECT_THAT(nearest("ENTIRELY_DIFFERENT", {"AWS_REGION"}, 3), IsEmpty());
  EXPECT_THAT(nearest("X", {}, 3), IsEmpty());
}

}  // namespace
}  // namespace runpin::cli
