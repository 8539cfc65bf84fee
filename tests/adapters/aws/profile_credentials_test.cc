#include "tests/adapters/aws/credential_fixture.h"

namespace runpin {
namespace {

using testing::CredentialChainTest;
using ::testing::HasSubstr;
using testing::json_keys;
using testing::k_secret;
using testing::keys_of;
using ::testing::Not;
using testing::sts_keys;

TEST_F(CredentialChainTest, RunsTheProcessOfAProfile) {
  fake.config("[profile dev]\ncredential_process = \"/opt/my tool\" --for 'a b' c\\ d\n");
  fake.variables["AWS_PROFILE"] = "dev";
  fake.programs[{"/opt/my tool", "--for", "a b", "c d"}] = json_keys("PROCESS", "SessionToken");
  EXPECT_EQ(id(), "PROCESS");
}

TEST_F(CredentialChainTest, AssumesTheRoleOfAProfile) {
  fake.config(
      "[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/deploy\nsource_profile = base\n"
      "external_id = a/b\nrole_session_name = me\nduration_seconds = 900\nregion = eu-west-2\n");
  fake.credentials(keys_of("[base]", "BASE"));
  fake.variables["AWS_PROFILE"] = "dev";
  web.on("POST sts.eu-west-2.amazonaws.com/", 200, sts_keys("AssumeRole", "ROLE"));
  const auto found = get();
  ASSERT_TRUE(found) << one_line(found.error());
  EXPECT_EQ(found->access_key_id, "ROLE");
  EXPECT_EQ(found->expires_at->rfc3339(), "2026-02-23T18:43:07Z");
  const HttpRequest& asked = web.requests.at(0);
  EXPECT_EQ(asked.body,
            "Action=AssumeRole&DurationSeconds=900&ExternalId=a%2Fb&RoleArn=arn%3Aaws%3Aiam%3A%3A"
            "111122223333%3Arole%2Fdeploy&RoleSessionName=me&Version=2011-06-15");
  EXPECT_THAT(asked.headers.at("authorization"),
              HasSubstr("Credential=BASE/20260223/eu-west-2/sts/aws4_request"));
}

TEST_F(CredentialChainTest, FollowsChainsOfRoles) {
  fake.config(
      "[profile a]\nrole_arn = A\nsource_profile = b\n"
      "[profile b]\nrole_arn = B\nsource_profile = b\n");
  fake.credentials(keys_of("[b]", "BASE"));
  fake.variables["AWS_PROFILE"] = "a";
  web.answers["POST sts.us-east-1.amazonaws.com/"] = [](const HttpRequest& request) {
    const bool first = request.body.find("RoleArn=B") != std::string::npos;
    return HttpResponse{200, {}, sts_keys("AssumeRole", first ? "OF-B" : "OF-A")};
  };
  EXPECT_EQ(id(), "OF-A");
  ASSERT_EQ(web.requests.size(), 2u);
  EXPECT_THAT(web.requests[0].headers.at("authorization"), HasSubstr("Credential=BASE/"));
  EXPECT_THAT(web.requests[1].headers.at("authorization"), HasSubstr("Credential=OF-B/"));
  EXPECT_EQ(web.requests[1].headers.at("x-amz-security-token"), "session");
}

TEST_F(CredentialChainTest, AssumesARoleWithTheCredentialsOfItsSource) {
  web.on("POST sts.us-east-1.amazonaws.com/", 200, sts_keys("AssumeRole", "ROLE"));
  instance_with_role();
  fake.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "http://127.0.0.1:99/keys?for=me%20too";
  metadata.on("GET 127.0.0.1:99/keys?for=me%20too", 200, json_keys("CONTAINER"));
  fake.variables["AWS_PROFILE"] = "dev";
  for (const auto& [source, by] : std::map<std::string, std::string>{
           {"Ec2InstanceMetadata", "IMDS"}, {"EcsContainer", "CONTAINER"}}) {
    fake.config("[profile dev]\nrole_arn = R\ncredential_source = " + source + "\n");
    start_anew();
    EXPECT_EQ(id(), "ROLE");
    EXPECT_THAT(web.requests.back().headers.at("authorization"), HasSubstr("Credential=" + by));
  }
}

TEST_F(CredentialChainTest, TellsRefusalFromOutageOfSts) {
  fake.config(
      "[profile p]\nrole_arn=R\nsource_profile=p\naws_access_key_id=x\n"
      "aws_secret_access_key=" +
      k_secret + "\n");
  fake.variables["AWS_PROFILE"] = "p";
  EXPECT_EQ(get().error().kind, ErrorKind::k_unavailable);
  web.on("POST sts.us-east-1.amazonaws.com/", 403,
         "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>");
  const auto refused = get();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::k_denied);
  EXPECT_THAT(refused.error().message, HasSubstr("AssumeRole with AccessDenied"));
  web.on("POST sts.us-east-1.amazonaws.com/", 200, "<html>");
  EXPECT_EQ(get().error().kind, ErrorKind::k_malformed);
}

struct WrongSetUp {
  const char* name;
  const char* config;
  std::map<std::string, std::string> variables;
  ErrorKind kind;
  const char* message;
  const char* where;
};

TEST_F(CredentialChainTest, SaysWhatIsSetUpWrongly) {
  fake.programs[{"helper"}] = "no JSON, " + k_secret;
  fake.programs[{"old"}] = R"({"Version": 2, "AccessKeyId": "x"})";
  fake.programs[{"bare"}] = R"({"Version": 1, "AccessKeyId": "x"})";
  const std::vector<WrongSetUp> rows{
      {"half a pair",
       "",
       {{"AWS_ACCESS_KEY_ID", "x"}},
       ErrorKind::k_config,
       "only one of the two",
       "environment"},
      {"line break in a key",
       "",
       {{"AWS_ACCESS_KEY_ID", "x\ny"}, {"AWS_SECRET_ACCESS_KEY", k_secret}},
       ErrorKind::k_config,
       "blanks",
       "environment"},
      {"half a pair in a profile",
       "[profile p]\naws_access_key_id = x\n",
       {},
       ErrorKind::k_config,
       "no secret access key",
       "AWS profile p"},
      {"role alone",
       "[profile p]\nrole_arn = R\n",
       {},
       ErrorKind::k_config,
       "stands alone",
       "AWS profile p"},
      {"circle",
       "[profile p]\nrole_arn=R\nsource_profile=q\n[profile q]\nrole_arn=R\n"
       "source_profile=p\n",
       {},
       ErrorKind::k_config,
       "lead back",
       "AWS profile p"},
      {"no such source",
       "[profile p]\nrole_arn=R\nsource_profile=q\n",
       {},
       ErrorKind::k_config,
       "'q', which does not exist",
       "AWS profile p"},
      {"source without keys",
       "[profile p]\nrole_arn=R\nsource_profile=q\n[profile q]\n",
       {},
       ErrorKind::k_config,
       "profile q has none",
       "AWS profile p"},
      {"both sources",
       "[profile p]\nrole_arn=R\nsource_profile=p\ncredential_source=Environment\n",
       {},
       ErrorKind::k_config,
       "both source_profile and credential_source",
       "AWS profile p"},
      {"unknown source",
       "[profile p]\nrole_arn=R\ncredential_source=Moon\n",
       {},
       ErrorKind::k_config,
       "'Moon'",
       "AWS profile p"},
      {"second factor",
       "[profile p]\nrole_arn=R\nsource_profile=p\nmfa_serial=m\n",
       {},
       ErrorKind::k_config,
       "second factor",
       "AWS profile p"},
      {"single sign-on",
       "[profile p]\nsso_session = s\nsso_account_id = 1\n",
       {},
       ErrorKind::k_config,
       "signs in interactively",
       "AWS profile p"},
      {"process that is none",
       "[profile p]\ncredential_process = 'helper\n",
       {},
       ErrorKind::k_config,
       "no command",
       "AWS profile p"},
      {"process that fails",
       "[profile p]\ncredential_process = absent\n",
       {},
       ErrorKind::k_not_found,
       "absent is not installed",
       "AWS profile p, credential_process"},
      {"process that prints no JSON",
       "[profile p]\ncredential_process = helper\n",
       {},
       ErrorKind::k_malformed,
       "no JSON object",
       "AWS profile p"},
      {"process of another version",
       "[profile p]\ncredential_process = old\n",
       {},
       ErrorKind::k_config,
       "Version 1",
       "AWS profile p"},
      {"process without a secret",
       "[profile p]\ncredential_process = bare\n",
       {},
       ErrorKind::k_malformed,
       "no secret access key",
       "AWS profile p"},
      {"web identity without role",
       "",
       {{"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"}},
       ErrorKind::k_config,
       "no role",
       "AWS_WEB_IDENTITY_TOKEN_FILE"},
      {"web identity without token",
       "",
       {{"AWS_WEB_IDENTITY_TOKEN_FILE", "/none"}, {"AWS_ROLE_ARN", "R"}},
       ErrorKind::k_config,
       "token file cannot be read",
       "AWS_WEB_IDENTITY_TOKEN_FILE"},
      {"no region",
       "[profile p]\nrole_arn=R\nsource_profile=p\nregion=a b\naws_access_key_id=x\n"
       "aws_secret_access_key=y\n",
       {},
       ErrorKind::k_config,
       "'a b'",
       ""},
  };
  for (const WrongSetUp& row : rows) {
    SCOPED_TRACE(row.name);
    fake.variables = {{"HOME", "/home/user"}};
    fake.config(row.config);
    if (*row.config) fake.variables["AWS_PROFILE"] = "p";
    fake.variables.insert(row.variables.begin(), row.variables.end());
    start_anew();
    const auto found = get();
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, row.kind);
    EXPECT_THAT(found.error().message, HasSubstr(row.message));
    EXPECT_THAT(found.error().message, Not(HasSubstr(k_secret)));
    EXPECT_EQ(found.error().where, row.where);
  }
}

}  // namespace
}  // namespace runpin
