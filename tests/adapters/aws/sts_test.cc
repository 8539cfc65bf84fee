// Wire formats as docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html has them.
#include <gtest/gtest.h>

#include "runpin/adapters/aws/sts_caller.h"

namespace runpin {
namespace {

TEST(StsCaller, AsksByTheQueryProtocol) {
  const HttpRequest post = get_caller_identity(*endpoint_for(AwsService::k_sts, "eu-west-2"));
  EXPECT_EQ(post.host, "sts.eu-west-2.amazonaws.com");
  EXPECT_EQ(post.body, "Action=GetCallerIdentity&Version=2011-06-15");
  EXPECT_EQ(post.headers.at("content-type"), "application/x-www-form-urlencoded; charset=utf-8");
}

TEST(StsCaller, ReadsWhoCalls) {
  const auto caller = parse_caller_identity(
      R"(<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
         <Arn>arn:aws:sts::111122223333:assumed-role/deploy/session</Arn><UserId>AROA:session</UserId>
         <Account>111122223333</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>r</RequestId>
         </ResponseMetadata></GetCallerIdentityResponse>)");
  ASSERT_TRUE(caller) << caller.error();
  EXPECT_EQ(caller->arn, "arn:aws:sts::111122223333:assumed-role/deploy/session");
  EXPECT_EQ(caller->account, "111122223333");
}

std::string caller(const std::string& arn, const std::string& account) {
  return "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>" + arn + "</Arn><Account>" +
         account + "</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";
}

TEST(StsCaller, RefusesAnAnswerThatContradictsItself) {
  const std::string arn = "arn:aws:sts::111122223333:assumed-role/deploy/session";
  EXPECT_TRUE(parse_caller_identity(caller(arn, "111122223333")));
  for (const char* account : {"999999999999", ""})
    EXPECT_FALSE(parse_caller_identity(caller(arn, account))) << account;
  EXPECT_FALSE(parse_caller_identity(caller(arn, "111122223333") + "<another/>"));
}

TEST(StsCaller, RefusesAnAnswerWithoutAnArn) {
  for (const char* xml : {"", "<html/>", "<GetCallerIdentityResponse/>", "{\"Arn\":\"arn:x\"}"})
    EXPECT_FALSE(parse_caller_identity(xml)) << xml;
}

}  // namespace
}  // namespace runpin
