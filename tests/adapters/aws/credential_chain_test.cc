#include "runpin/adapters/aws/credential_chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runpin/adapters/aws/command_words.h"
#include "tests/adapters/aws/fake_outside.h"

namespace runpin {
namespace {

using std::chrono::milliseconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::FakeOutside;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string k_secret = "s3cr3t/That+is+never+told";

// Answers by "METHOD host/path"; anything else gets no connection.
class FakeWeb final : public HttpTransport {
 public:
  using Answer = std::function<HttpResponse(const HttpRequest&)>;
  std::map<std::string, Answer> answers;
  std::vector<HttpRequest> requests;
  std::vector<HttpLimits> limits;

  void on(const std::string& what, int status, Bytes body) {
    answers[what] = [=](const HttpRequest&) { return HttpResponse{status, {}, body}; };
  }
  Result<HttpResponse> send(const HttpRequest& request, const HttpLimits& limit,
                            bool* sent) override {
    requests.push_back(request);
    limits.push_back(limit);
    if (sent) *sent = false;
    const auto found = answers.find(request.method + " " + request.host + request_target(request));
    if (found == answers.end())
      return fail(ErrorKind::k_unavailable, "no connection", request.host);
    if (sent) *sent = true;
    return found->second(request);
  }
};

Bytes json_keys(const std::string& id, const char* token = "Token",
                const std::string& expiration = "2026-02-23T23:43:07Z") {
  return R"({"Version": 1, "Code": "Success", "AccessKeyId": ")" + id +
         R"(", "SecretAccessKey": ")" + k_secret + R"(", ")" + token +
         R"(": "session", "Expiration": ")" + expiration + "\"}";
}

Bytes sts_keys(const std::string& action, const std::string& id) {
  return "<" + action + "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" + action +
         "Result><Credentials><AccessKeyId>" + id + "</AccessKeyId><SecretAccessKey>" + k_secret +
         "</SecretAccessKey><SessionToken>session</SessionToken><Expiration>2026-02-23T18:43:07Z"
         "</Expiration></Credentials></" +
         action + "Result></" + action + "Response>";
}

class CredentialChainTest : public ::testing::Test {
 protected:
  // As a command would: settings first, then the chain. REQUIRES: what it reads is set up.
  Result<AwsCredentials> get() {
    if (!chain) {
      auto settings = read_aws_settings(fake.outside());
      if (!settings) return tl::unexpected(settings.error());
      search.emplace(CredentialSearch{fake.outside(), *settings, web, metadata, world()});
      chain.emplace(*search);
    }
    return chain->get(now);
  }
  std::string id() {
    const auto found = get();
    return found ? found->access_key_id : "error: " + one_line(found.error());
  }
  void start_anew() { chain.reset(); }

  RetryWorld world() {
    return {[this] { return now; }, [] { return 0.5; },
            [this](milliseconds pause) { clock += pause; }, [this] { return clock; },
            [this](const std::string& line) { log.push_back(line); }};
  }
  void keys_in_environment(const std::string& name = "ENV") {
    fake.variables["AWS_ACCESS_KEY_ID"] = name;
    fake.variables["AWS_SECRET_ACCESS_KEY"] = k_secret;
  }
  void instance_with_role() {
    const std::string roles = "169.254.169.254/latest/meta-data/iam/security-credentials/";
    metadata.on("PUT 169.254.169.254/latest/api/token", 200, "imds-token");
    metadata.on("GET " + roles, 200, "my-role");
    metadata.on("GET " + roles + "my-role", 200, json_keys("IMDS"));
  }
  void TearDown() override {
    for (const std::string& line : log) EXPECT_THAT(line, Not(HasSubstr(k_secret)));
  }

  FakeOutside fake;
  FakeWeb web;
  FakeWeb metadata;
  Instant now = *Instant::parse_stamp("20260223T174307Z");
  milliseconds clock{0};
  std::vector<std::string> log;
  std::optional<CredentialSearch> search;
  std::optional<CredentialChain> chain;
};

std::string keys_of(const std::string& section, const std::string& id) {
  return section + "\naws_access_key_id = " + id + "\naws_secret_access_key = " + k_secret + "\n";
}

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

TEST(CommandWords, SplitsByQuotingAlone) {
  struct Row {
    const char* line;
    std::vector<std::string> words;
  };
  const std::vector<Row> rows{
      {"", {}},
      {"  a  b\tc ", {"a", "b", "c"}},
      {"'a b' \"c d\" e\\ f", {"a b", "c d", "e f"}},
      {"a'b'\"c\"d", {"abcd"}},
      {"'' \"\"", {"", ""}},
      {"\"a\\\"b\\\\c\\d\"", {"a\"b\\c\\d"}},
      {"'a\\b'", {"a\\b"}},
      {"$HOME *.txt; ls|wc", {"$HOME", "*.txt;", "ls|wc"}},
  };
  for (const Row& row : rows) EXPECT_EQ(command_words(row.line), row.words) << row.line;
  for (const char* line : {"'a", "\"a", "a\\", "\"a\\"}) EXPECT_FALSE(command_words(line)) << line;
}

}  // namespace
}  // namespace runpin
