#include "runpin/lanes/platform_trust.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runpin/canon/digest.h"
#include "runpin/gate/facts.h"
#include "runpin/lanes/lanes.h"

namespace runpin {
namespace {

using ::testing::HasSubstr;

Json trust(bool passed, bool versioned, bool now) {
  return fact_of(object({{"probe", "rc/probe_x/store_probe.json"},
                         {"passed", passed},
                         {"violations", Json(std::vector<std::string>{"two winners"})},
                         {"versioned", versioned},
                         {"versioned_now", now}}));
}

std::vector<Blocker> judged(const Json& fact) {
  Blockers blockers(a_handle_closure().contract);
  judge_store_trust(fact, "s3:bucket", blockers);
  return blockers.all();
}

struct Case {
  const char* name;
  Json fact;
  const char* found;
};

class StoreTrust : public ::testing::TestWithParam<Case> {};

TEST_P(StoreTrust, IsRefusedWithWhatWasSeenAndHowToFindOut) {
  const auto blockers = judged(GetParam().fact);
  ASSERT_EQ(blockers.size(), 1u);
  EXPECT_EQ(blockers[0].code, "M3A-B5");
  EXPECT_THAT(blockers[0].says.found, HasSubstr(GetParam().found));
  EXPECT_THAT(blockers[0].says.fix, HasSubstr("runpin probe-store"));
}

INSTANTIATE_TEST_SUITE_P(
    All, StoreTrust,
    ::testing::Values(Case{"never_probed", fact_of(object({{"probe", nullptr}})), "none"},
                      Case{"failed", trust(false, true, true), "two winners"},
                      Case{"no_receipt_at_all", fact_of(object({{"probe", "k"}})), "no receipt"},
                      Case{"versioned_since", trust(true, false, true), "a versioned bucket"},
                      Case{"suspended_since", trust(true, true, false), "an unversioned bucket"},
                      Case{"unknown",
                           fact_of(Error{ErrorKind::k_unavailable, "no answer", "k", ""}),
                           "no answer"}),
    [](const auto& each) { return each.param.name; });

TEST(StoreTrust, IsGivenToAProvenStoreAndToTheEmbeddedOne) {
  EXPECT_TRUE(judged(trust(true, true, true)).empty());
  EXPECT_TRUE(judged(trust(true, false, false)).empty());
  EXPECT_TRUE(judged(Json()).empty());
}

Json role(const char* account, const char* name) {
  return object({{"partition", "aws"}, {"account", account}, {"name", name}});
}

Json handles(const char* state, const char* arn) {
  return object({{"ROLE_TERRAFORM_APPLY_DEV_FULL",
                  object({{"state", state}, {"value", arn}, {"where", "r.md:3:1"}})}});
}

std::vector<Blocker> judged_caller(const Json& caller, const Json& known) {
  Blockers blockers(a_handle_closure().contract);
  judge_caller(caller, HandleFacts(known), blockers);
  return blockers.all();
}

TEST(Caller, IsThePinnedRoleAndNoOther) {
  const Json known = handles("resolved", "arn:aws:iam::111122223333:role/path/deploy");
  const auto caller = [](const Json& who) {
    return fact_of(object({{"caller", "the caller"}, {"role", who}}));
  };
  EXPECT_TRUE(judged_caller(caller(role("111122223333", "deploy")), known).empty());
  for (const Json& other : {role("111122223333", "other"), role("1", "deploy"), Json()}) {
    const auto blockers = judged_caller(caller(other), known);
    ASSERT_EQ(blockers.size(), 1u);
    EXPECT_EQ(blockers[0].code, "M3A-B6");
    EXPECT_EQ(blockers[0].says.found, "the caller");
    EXPECT_THAT(blockers[0].says.fix, HasSubstr("ROLE_TERRAFORM_APPLY_DEV_FULL"));
  }
}

TEST(Caller, IsThePinnedUserAndNoOther) {
  const std::string jane = "arn:aws:iam::111122223333:user/jane";
  const Json known = handles("resolved", jane.c_str());
  const auto caller = [](const Json& user) {
    return fact_of(object({{"caller", "a user"}, {"role", nullptr}, {"user_sha256", user}}));
  };
  EXPECT_TRUE(judged_caller(caller(sha256(jane).str()), known).empty());
  for (const Json& other : {Json(sha256(jane + "t").str()), Json()}) {
    const auto blockers = judged_caller(caller(other), known);
    ASSERT_EQ(blockers.size(), 1u);
    EXPECT_EQ(blockers[0].code, "M3A-B6");
    EXPECT_EQ(blockers[0].says.found, "a user");
    EXPECT_THAT(blockers[0].says.fix, HasSubstr("use that user's credentials"));
  }
}

TEST(Caller, IsNotAskedForOnAnEmbeddedPlatformOrWithoutAPin) {
  const Json known = handles("resolved", "arn:aws:iam::111122223333:role/deploy");
  EXPECT_TRUE(judged_caller(Json(), known).empty());
  const Json other = fact_of(object({{"caller", "the caller"}, {"role", nullptr}}));
  EXPECT_TRUE(judged_caller(other, handles("to_pin", "")).empty());
}

TEST(Caller, ThatCannotBeFoundOutOrComparedIsRefused) {
  const Json unknown = fact_of(Error{ErrorKind::k_unavailable, "no answer", "sts", ""});
  EXPECT_EQ(judged_caller(unknown, handles("resolved", "arn:aws:iam::1:role/x")).size(), 1u);
  const Json known = fact_of(object({{"caller", "c"}, {"role", nullptr}}));
  EXPECT_EQ(judged_caller(known, handles("resolved", "deploy")).size(), 1u);
}

}  // namespace
}  // namespace runpin
