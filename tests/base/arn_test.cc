#include "runpin/base/arn.h"

#include <gtest/gtest.h>

namespace runpin {
namespace {

TEST(Arn, HasSixFieldsOfWhichTheLastHoldsColons) {
  const auto arn = parse_arn("arn:aws:states:eu-central-1:111122223333:stateMachine:m");
  ASSERT_TRUE(arn);
  EXPECT_EQ(arn->partition, "aws");
  EXPECT_EQ(arn->service, "states");
  EXPECT_EQ(arn->region, "eu-central-1");
  EXPECT_EQ(arn->account, "111122223333");
  EXPECT_EQ(arn->resource, "stateMachine:m");
}

TEST(Arn, IsNoOtherText) {
  for (const char* text : {"", "arn", "arn:aws:iam::1", "urn:aws:iam::1:role/r"})
    EXPECT_FALSE(parse_arn(text)) << text;
}

}  // namespace
}  // namespace runpin
