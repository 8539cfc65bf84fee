#include "runpin/gate/iam_role.h"

#include <gtest/gtest.h>

namespace runpin {
namespace {

TEST(IamRole, IsTheSameHoweverItIsNamed) {
  const IamRole deploy{"aws", "111122223333", "deploy"};
  for (const char* arn :
       {"arn:aws:iam::111122223333:role/deploy", "arn:aws:iam::111122223333:role/ci/eu/deploy",
        "arn:aws:sts::111122223333:assumed-role/deploy/session@host"})
    EXPECT_EQ(parse_role(arn), deploy) << arn;
}

TEST(IamRole, DiffersByPartitionAccountAndName) {
  const auto deploy = parse_role("arn:aws:iam::111122223333:role/deploy");
  for (const char* arn :
       {"arn:aws-cn:iam::111122223333:role/deploy", "arn:aws:iam::111122223334:role/deploy",
        "arn:aws:iam::111122223333:role/deploy2", "arn:aws:iam::111122223333:role/Deploy"})
    EXPECT_NE(parse_role(arn), deploy) << arn;
}

TEST(IamRole, IsNoOtherArnAndNoOtherText) {
  for (const char* arn :
       {"", "deploy", "arn:aws:iam::111122223333:user/deploy", "arn:aws:iam::111122223333:role/",
        "arn:aws:sts::111122223333:federated-user/x", "arn:aws:iam::111122223333:root",
        "arn:aws:sts::111122223333:role/deploy", "arn:aws:iam:role/deploy",
        "urn:aws:iam::1:role/x"})
    EXPECT_FALSE(parse_role(arn)) << arn;
}

TEST(IamUser, IsNoRoleAndNoOtherCaller) {
  for (const char* arn :
       {"arn:aws:iam::111122223333:user/deploy", "arn:aws:iam::111122223333:user/ci/deploy"})
    EXPECT_TRUE(is_user_arn(arn)) << arn;
  for (const char* arn :
       {"", "user/deploy", "arn:aws:iam::111122223333:user/", "arn:aws:iam::111122223333:root",
        "arn:aws:iam::111122223333:role/user/x", "arn:aws:sts::111122223333:federated-user/x",
        "arn:aws:sts::111122223333:user/x"})
    EXPECT_FALSE(is_user_arn(arn)) << arn;
}

TEST(DescribeCaller, NamesNoUserAndNoSession) {
  EXPECT_EQ(describe_caller("arn:aws:sts::111122223333:assumed-role/deploy/jane.doe"),
            "the role deploy of account 111122223333");
  EXPECT_EQ(describe_caller("arn:aws:iam::111122223333:user/jane.doe"),
            "a user of account 111122223333");
  EXPECT_EQ(describe_caller("arn:aws:iam::111122223333:root"),
            "the root user of account 111122223333");
  EXPECT_EQ(describe_caller("arn:aws:sts::111122223333:federated-user/jane"),
            "a federated user of account 111122223333");
  EXPECT_EQ(describe_caller("jane"), "a caller without an ARN");
}

}  // namespace
}  // namespace runpin
