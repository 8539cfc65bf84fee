#include "runpin/adapters/aws/aws_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/adapters/aws/fake_outside.h"

namespace runpin {
namespace {

using testing::FakeOutside;
using ::testing::HasSubstr;
using ::testing::Not;

Result<AwsProfiles> parse(std::string config, std::string credentials = "") {
  return parse_aws_profiles({std::move(config), "~/.aws/config"},
                            {std::move(credentials), "~/.aws/credentials"});
}

struct PropertyRow {
  const char* name;
  const char* config;
  const char* credentials;
  const char* profile;
  const char* property;
  const char* value;
};

TEST(AwsProfiles, ReadsTheFileFormatOfTheSdks) {
  const std::vector<PropertyRow> rows{
      {"default", "[default]\nregion = eu-west-2\n", "", "default", "region", "eu-west-2"},
      {"named", "[profile dev]\nregion=eu-west-2", "", "dev", "region", "eu-west-2"},
      {"quoted", "[profile \"my dev\"]\nregion=eu-west-2", "", "my dev", "region", "eu-west-2"},
      {"tab and blanks", "[ profile\tdev ]\n  \nregion\t=\t a b \n", "", "dev", "region", "a b"},
      {"without the word", "[dev]\nregion=x", "", "dev", "region", ""},
      {"credentials without the word", "", "[dev]\nregion=x", "dev", "region", "x"},
      {"credentials with the word", "", "[profile dev]\nregion=x", "dev", "region", ""},
      {"credentials count", "[default]\nregion=a", "[default]\nregion=b", "default", "region", "b"},
      {"both add up", "[default]\nregion=a", "[default]\noutput=b", "default", "region", "a"},
      {"prefixed default first", "[profile default]\nregion=a\n[default]\nregion=b", "", "default",
       "region", "a"},
      {"prefixed default last", "[default]\nregion=b\noutput=c\n[profile default]\nregion=a", "",
       "default", "output", ""},
      {"twice the same section", "[default]\na=1\n[profile x]\na=2\n[default]\nb=3", "", "default",
       "b", "3"},
      {"the later counts", "[default]\na=1\na=2", "", "default", "a", "2"},
      {"comments", "# c\n; d\n[default] # e\n# f\na = 1 ; g\n  # h\n", "", "default", "a", "1"},
      {"no comment without a blank", "[default]\na = x#y;z", "", "default", "a", "x#y;z"},
      {"equals in the value", "[default]\na = b=c==", "", "default", "a", "b=c=="},
      {"names in lower case", "[default]\nAWS_Session_Token = X", "", "default",
       "aws_session_token", "X"},
      {"line ends of Windows", "[default]\r\na = 1\r\n\r\nb = 2\r\n", "", "default", "b", "2"},
      {"byte order mark", "\xef\xbb\xbf[default]\na = 1", "", "default", "a", "1"},
      {"more of a value", "[default]\na = 1\n  2\n\t3\nb = 4", "", "default", "a", "1\n2\n3"},
      {"group", "[default]\ns3 =\n  max = 1\nregion = x", "", "default", "region", "x"},
      {"unknown section", "[sso-session x]\na = 1\n[preview]\na = 2", "", "x", "a", ""},
  };
  for (const PropertyRow& row : rows) {
    SCOPED_TRACE(row.name);
    const auto profiles = parse(row.config, row.credentials);
    ASSERT_TRUE(profiles) << one_line(profiles.error());
    EXPECT_EQ(profiles->value(row.profile, row.property), row.value);
  }
}

TEST(AwsProfiles, ReadsGroups) {
  const auto profiles = parse(
      "[services local]\ns3 =\n  endpoint_url = http://127.0.0.1:1\n  Other = x = y\nsfn =\n");
  ASSERT_TRUE(profiles);
  const AwsSection& local = profiles->services.at("local");
  EXPECT_EQ(local.at("s3").nested.at("endpoint_url"), "http://127.0.0.1:1");
  EXPECT_EQ(local.at("s3").nested.at("other"), "x = y");
  EXPECT_TRUE(local.at("sfn").nested.empty());
}

TEST(AwsProfiles, NamesTheLineThatIsWrongButNotWhatItHolds) {
  struct Row {
    const char* config;
    const char* credentials;
    const char* where;
  };
  const std::vector<Row> rows{
      {"hidden = 1\n", "", "~/.aws/config:1"},
      {"[default]\na = 1\nhidden\n", "", "~/.aws/config:3"},
      {"", "\n[default]\n= hidden\n", "~/.aws/credentials:3"},
      {"[hidden\n", "", "~/.aws/config:1"},
      {"[default] hidden\n", "", "~/.aws/config:1"},
      {"[default]\ns3 =\n  hidden\n", "", "~/.aws/config:3"},
  };
  for (const Row& row : rows) {
    const auto profiles = parse(row.config, row.credentials);
    ASSERT_FALSE(profiles);
    EXPECT_EQ(profiles.error().kind, ErrorKind::k_config);
    EXPECT_EQ(profiles.error().where, row.where);
    EXPECT_THAT(one_line(profiles.error()), Not(HasSubstr("hidden")));
  }
}

TEST(AwsSettings, AreEmptyWithoutFilesAndVariables) {
  FakeOutside fake;
  fake.variables.clear();
  const auto settings = read_aws_settings(fake.outside());
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->profile, "default");
  EXPECT_FALSE(settings->profile_is_named);
  EXPECT_FALSE(settings->region);
  EXPECT_FALSE(settings->endpoints.for_all);
  EXPECT_EQ(settings->ca_bundle, "");
}

TEST(AwsSettings, TakeTheRegionInOrder) {
  FakeOutside fake;
  fake.config("[default]\nregion = a\n[profile dev]\nregion = b\n");
  const auto region = [&] { return *read_aws_settings(fake.outside())->region; };
  EXPECT_EQ(region(), "a");
  fake.variables["AWS_PROFILE"] = "dev";
  EXPECT_EQ(region(), "b");
  fake.variables["AWS_DEFAULT_REGION"] = "c";
  EXPECT_EQ(region(), "c");
  fake.variables["AWS_REGION"] = "d";
  EXPECT_EQ(region(), "d");
}

TEST(AwsSettings, ReadFilesWhereVariablesSay) {
  FakeOutside fake;
  fake.config("[default]\nregion = usual\n");
  fake.files["/etc/aws/config"] = "[profile dev]\nregion = from config\n";
  fake.files["/etc/aws/keys"] = "[dev]\nca_bundle = /etc/ca.pem\n";
  fake.files["/etc/ca.pem"] = "pem";
  fake.variables["AWS_CONFIG_FILE"] = "/etc/aws/config";
  fake.variables["AWS_SHARED_CREDENTIALS_FILE"] = "/etc/aws/keys";
  fake.variables["AWS_PROFILE"] = "dev";
  const auto settings = read_aws_settings(fake.outside());
  ASSERT_TRUE(settings);
  EXPECT_EQ(*settings->region, "from config");
  EXPECT_EQ(settings->ca_bundle, "/etc/ca.pem");
  EXPECT_TRUE(settings->profile_is_named);
}

TEST(AwsSettings, ReadNoFileWhereTheVariableNamesTheNullDevice) {
  FakeOutside fake;
  fake.broken_files["/dev/null"] = ErrorKind::k_malformed;  // no regular file
  fake.variables["AWS_CONFIG_FILE"] = "/dev/null";
  fake.variables["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null";
  const auto settings = read_aws_settings(fake.outside());
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->profile, "default");
}

std::string for_all(const AwsSettings& settings) {
  return settings.endpoints.for_all ? settings.endpoints.for_all->text : "";
}
std::string for_s3(const AwsSettings& settings) {
  const auto found = settings.endpoints.for_service.find(AwsService::k_s3);
  return found == settings.endpoints.for_service.end() ? "" : found->second.text;
}

TEST(AwsSettings, TakeEndpointsInOrder) {
  FakeOutside fake;
  fake.config(
      "[default]\nendpoint_url = profile\nservices = local\n"
      "[services local]\ns3 =\n  endpoint_url = profile-s3\n");
  const auto read = [&] { return *read_aws_settings(fake.outside()); };
  EXPECT_EQ(for_all(read()), "profile");
  EXPECT_EQ(for_s3(read()), "profile-s3");

  fake.variables["AWS_ENDPOINT_URL_S3"] = "variable-s3";
  EXPECT_EQ(for_s3(read()), "variable-s3");
  EXPECT_EQ(for_all(read()), "profile");

  fake.variables.erase("AWS_ENDPOINT_URL_S3");
  fake.variables["AWS_ENDPOINT_URL"] = "variable";
  EXPECT_EQ(for_all(read()), "variable");
  EXPECT_EQ(for_s3(read()), "") << "a variable for all goes before the profile's services";

  fake.variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
  EXPECT_EQ(for_all(read()), "");
}

TEST(AwsSettings, KnowAVariableForEveryService) {
  FakeOutside fake;
  const std::map<AwsService, std::string> variables{
      {AwsService::k_s3, "AWS_ENDPOINT_URL_S3"},
      {AwsService::k_step_functions, "AWS_ENDPOINT_URL_SFN"},
      {AwsService::k_cost_explorer, "AWS_ENDPOINT_URL_COST_EXPLORER"},
      {AwsService::k_sts, "AWS_ENDPOINT_URL_STS"}};
  for (const auto& entry : variables) fake.variables[entry.second] = "http://" + entry.second;
  const auto settings = read_aws_settings(fake.outside());
  ASSERT_TRUE(settings);
  for (const auto& [service, variable] : variables) {
    EXPECT_EQ(settings->endpoints.for_service.at(service).text, "http://" + variable);
    EXPECT_EQ(settings->endpoints.for_service.at(service).where, variable);
  }
}

TEST(AwsSettings, TakeAttemptsInOrder) {
  FakeOutside fake;
  const auto attempts = [&] { return read_aws_settings(fake.outside())->retry.max_attempts; };
  EXPECT_EQ(attempts(), RetryPolicy().max_attempts);
  fake.config("[default]\nmax_attempts = 2\n");
  EXPECT_EQ(attempts(), 2);
  fake.variables["AWS_MAX_ATTEMPTS"] = "7";
  EXPECT_EQ(attempts(), 7);
}

TEST(AwsSettings, TakeSecondsForDeadlines) {
  using std::chrono::milliseconds;
  FakeOutside fake;
  const auto retry = [&] { return read_aws_settings(fake.outside())->retry; };
  EXPECT_EQ(retry().deadline, RetryPolicy().deadline);
  fake.variables["RUNPIN_AWS_CONNECT_TIMEOUT"] = "0.25";
  fake.variables["RUNPIN_AWS_TIMEOUT"] = "60";
  EXPECT_EQ(retry().limits.connect, milliseconds(250));
  EXPECT_EQ(retry().limits.total, milliseconds(60000));
  EXPECT_EQ(retry().deadline, milliseconds(120000));
}

TEST(AwsSettings, RefuseAttemptsAndSecondsThatAreNone) {
  for (const char* variable :
       {"AWS_MAX_ATTEMPTS", "RUNPIN_AWS_TIMEOUT", "RUNPIN_AWS_CONNECT_TIMEOUT"})
    for (const char* text : {"0", "-1", "x", "1x", " 1", "1e9", "inf", "nan"}) {
      SCOPED_TRACE(std::string(variable) + "=" + text);
      FakeOutside fake;
      fake.variables[variable] = text;
      const auto settings = read_aws_settings(fake.outside());
      ASSERT_FALSE(settings);
      EXPECT_EQ(settings.error().kind, ErrorKind::k_config);
      EXPECT_EQ(settings.error().where, variable);
      EXPECT_THAT(settings.error().fix, HasSubstr("unset it"));
    }
}

TEST(AwsSettings, SayWhatCannotBeUsed) {
  struct Row {
    const char* name;
    std::function<void(FakeOutside&)> spoil;
    const char* where;
    const char* hint;
  };
  const std::vector<Row> rows{
      {"profile that is none",
       [](FakeOutside& fake) {
         fake.config("[profile dev]\n[profile prod]\n");
         fake.variables["AWS_PROFILE"] = "dve";
       },
       "AWS_PROFILE", "dev, prod"},
      {"no profile at all", [](FakeOutside& fake) { fake.variables["AWS_PROFILE"] = "dev"; },
       "AWS_PROFILE", "aws configure"},
      {"unreadable file",
       [](FakeOutside& fake) {
         fake.broken_files["/home/user/.aws/credentials"] = ErrorKind::k_denied;
       },
       "~/.aws/credentials", "AWS_SHARED_CREDENTIALS_FILE"},
      {"authorities that are not there",
       [](FakeOutside& fake) { fake.variables["AWS_CA_BUNDLE"] = "/no/such.pem"; }, "AWS_CA_BUNDLE",
       "PEM"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    FakeOutside fake;
    row.spoil(fake);
    const auto settings = read_aws_settings(fake.outside());
    ASSERT_FALSE(settings);
    EXPECT_EQ(settings.error().kind, ErrorKind::k_config);
    EXPECT_EQ(settings.error().where, row.where);
    EXPECT_THAT(settings.error().fix, HasSubstr(row.hint));
  }
}

}  // namespace
}  // namespace runpin
