#include "tests/adapters/aws/credential_fixture.h"

namespace runpin {
namespace {

using std::chrono::milliseconds;
using testing::CredentialChainTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::json_keys;
using testing::k_secret;
using testing::keys_of;
using testing::sts_keys;

TEST_F(CredentialChainTest, TakesTheFirstSourceThatHasAny) {
  instance_with_role();
  EXPECT_EQ(id(), "IMDS");

  fake.variables["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/credentials/x";
  metadata.on("GET 169.254.170.2/v2/credentials/x", 200, json_keys("CONTAINER"));
  start_anew();
  EXPECT_EQ(id(), "CONTAINER");

  fake.credentials(keys_of("[default]", "PROFILE"));
  start_anew();
  EXPECT_EQ(id(), "PROFILE");

  fake.variables["AWS_WEB_IDENTITY_TOKEN_FILE"] = "/token";
  fake.variables["AWS_ROLE_ARN"] = "arn:aws:iam::111122223333:role/r";
  fake.files["/token"] = "jwt";
  web.on("POST sts.us-east-1.amazonaws.com/", 200, sts_keys("AssumeRoleWithWebIdentity", "WEB"));
  start_anew();
  EXPECT_EQ(id(), "WEB");

  fake.variables["AWS_PROFILE"] = "default";
  start_anew();
  EXPECT_EQ(id(), "PROFILE") << "a profile asked for by name goes before a web identity";

  keys_in_environment();
  start_anew();
  EXPECT_EQ(id(), "ENV");
}

TEST_F(CredentialChainTest, SaysAllThatWasTriedWhenThereIsNone) {
  const auto none = get();
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::k_denied);
  for (const char* tried : {"environment", "web identity", "shared files", "container",
                            "EC2 instance (no metadata service answers)"})
    EXPECT_THAT(none.error().message, HasSubstr(tried));
  EXPECT_THAT(none.error().fix, HasSubstr("AWS_PROFILE"));
  const auto asked = metadata.requests.size();
  EXPECT_FALSE(get());
  EXPECT_EQ(metadata.requests.size(), asked) << "later calls say so without another search";
}

TEST_F(CredentialChainTest, LogsTheChainItTried) {
  fake.credentials(keys_of("[default]", "PROFILE"));
  EXPECT_EQ(id(), "PROFILE");
  EXPECT_THAT(log,
              ElementsAre("AWS credentials: environment: AWS_ACCESS_KEY_ID is not set",
                          "AWS credentials: web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set",
                          "AWS credentials: shared files: keys of profile default"));
}

TEST_F(CredentialChainTest, CarriesTheSessionToken) {
  keys_in_environment();
  fake.variables["AWS_SESSION_TOKEN"] = "session";
  const auto found = get();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->secret_access_key, k_secret);
  EXPECT_EQ(found->session_token, "session");
  EXPECT_FALSE(found->expires_at);
}

TEST_F(CredentialChainTest, RefreshesFiveMinutesBeforeTheyExpire) {
  fake.config("[default]\ncredential_process = helper\n");
  fake.programs[{"helper"}] = json_keys("FIRST", "SessionToken", "2026-02-23T18:43:07Z");
  EXPECT_EQ(id(), "FIRST");
  fake.programs[{"helper"}] = json_keys("SECOND", "SessionToken", "2026-02-23T19:43:07Z");
  now = *Instant::parse_rfc3339("2026-02-23T18:38:06Z");
  EXPECT_EQ(id(), "FIRST");
  now = *Instant::parse_rfc3339("2026-02-23T18:38:07Z");
  EXPECT_EQ(id(), "SECOND");
}

TEST_F(CredentialChainTest, KeepsWhatIsStillGoodWhenTheRefreshFails) {
  fake.config("[default]\ncredential_process = helper\n");
  fake.programs[{"helper"}] = json_keys("FIRST", "SessionToken", "2026-02-23T18:43:07Z");
  EXPECT_EQ(id(), "FIRST");
  fake.programs.clear();
  now = *Instant::parse_rfc3339("2026-02-23T18:43:06Z");
  EXPECT_EQ(id(), "FIRST");
  now = *Instant::parse_rfc3339("2026-02-23T18:43:07Z");
  EXPECT_THAT(id(), HasSubstr("helper is not installed"));
}

TEST_F(CredentialChainTest, DoesNotUseWhatHasExpired) {
  fake.config("[default]\ncredential_process = helper\n");
  fake.programs[{"helper"}] = json_keys("OLD", "SessionToken", "2026-02-23T19:43:07+02:00");
  const auto found = get();
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::k_denied);
  EXPECT_THAT(found.error().message, HasSubstr("expired at 2026-02-23T17:43:07Z"));
}

TEST_F(CredentialChainTest, SendsAWebIdentityUnsigned) {
  fake.config("[profile ci]\nrole_arn = R\nweb_identity_token_file = /token\nregion = eu-west-2\n");
  fake.variables["AWS_PROFILE"] = "ci";
  fake.files["/token"] = "jwt.a+b\n";
  web.on("POST sts.eu-west-2.amazonaws.com/", 200, sts_keys("AssumeRoleWithWebIdentity", "WEB"));
  EXPECT_EQ(id(), "WEB");
  const HttpRequest& asked = web.requests.at(0);
  EXPECT_EQ(asked.body,
            "Action=AssumeRoleWithWebIdentity&RoleArn=R&RoleSessionName=runpin&Version=2011-06-15&"
            "WebIdentityToken=jwt.a%2Bb");
  EXPECT_FALSE(asked.headers.contains("authorization"));
}

TEST_F(CredentialChainTest, ShowsTheContainersToken) {
  fake.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = "https://keys.example/v1";
  fake.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "from variable";
  web.on("GET keys.example/v1", 200, json_keys("CONTAINER"));
  EXPECT_EQ(id(), "CONTAINER");
  EXPECT_EQ(web.requests.back().headers.at("authorization"), "from variable");

  fake.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = "/token";
  fake.files["/token"] = "from file\n";
  start_anew();
  EXPECT_EQ(id(), "CONTAINER");
  EXPECT_EQ(web.requests.back().headers.at("authorization"), "from file");
}

TEST_F(CredentialChainTest, AsksWithoutTlsOnlyThisMachineAndItsHost) {
  for (const char* host : {"127.0.0.1", "127.8.9.1:80", "[::1]:80", "localhost:8080",
                           "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"}) {
    fake.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = std::string("http://") + host + "/k";
    start_anew();
    EXPECT_THAT(id(), HasSubstr("no connection")) << host;
  }
  metadata.requests.clear();
  for (const char* host : {"keys.example", "169.254.170.3", "128.0.0.1", "[::2]",
                           "localhost.example", "127.0.0.1.example"}) {
    fake.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = std::string("http://") + host + "/k";
    start_anew();
    EXPECT_THAT(id(), HasSubstr("expected https")) << host;
  }
  EXPECT_TRUE(metadata.requests.empty());
}

TEST_F(CredentialChainTest, AsksTheInstanceByVersionTwoOnly) {
  instance_with_role();
  EXPECT_EQ(id(), "IMDS");
  ASSERT_EQ(metadata.requests.size(), 3u);
  EXPECT_EQ(metadata.requests[0].headers.at("x-aws-ec2-metadata-token-ttl-seconds"), "21600");
  for (int i : {1, 2})
    EXPECT_EQ(metadata.requests[i].headers.at("x-aws-ec2-metadata-token"), "imds-token");
  for (const HttpLimits& limits : metadata.limits) EXPECT_LE(limits.total, milliseconds(1000));
}

TEST_F(CredentialChainTest, PassesOverAnInstanceThatHasNoRole) {
  metadata.on("PUT 169.254.169.254/latest/api/token", 200, "t");
  metadata.on("GET 169.254.169.254/latest/meta-data/iam/security-credentials/", 404, "");
  EXPECT_THAT(id(), HasSubstr("the instance has no role"));
}

TEST_F(CredentialChainTest, LeavesTheInstanceAloneWhenTold) {
  instance_with_role();
  fake.variables["AWS_EC2_METADATA_DISABLED"] = "true";
  EXPECT_THAT(id(), HasSubstr("AWS_EC2_METADATA_DISABLED is set"));
  EXPECT_TRUE(metadata.requests.empty());
}

}  // namespace
}  // namespace runpin
