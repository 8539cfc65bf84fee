#include "runpin/adapters/aws/aws_endpoint.h"

#include <gtest/gtest.h>

namespace runpin {
namespace {

TEST(AwsEndpoint, KnowsThePartitionOfEveryRegion) {
  struct Row {
    AwsService service;
    const char* region;
    const char* host;
    const char* signed_region;
    const char* signed_service;
    const char* partition;
  };
  const std::vector<Row> rows{
      {AwsService::k_s3, "eu-west-2", "s3.eu-west-2.amazonaws.com", "eu-west-2", "s3", "aws"},
      {AwsService::k_s3, "us-east-1", "s3.us-east-1.amazonaws.com", "us-east-1", "s3", "aws"},
      {AwsService::k_s3, "cn-north-1", "s3.cn-north-1.amazonaws.com.cn", "cn-north-1", "s3",
       "aws-cn"},
      {AwsService::k_step_functions, "us-gov-west-1", "states.us-gov-west-1.amazonaws.com",
       "us-gov-west-1", "states", "aws-us-gov"},
      {AwsService::k_sts, "us-iso-east-1", "sts.us-iso-east-1.c2s.ic.gov", "us-iso-east-1", "sts",
       "aws-iso"},
      {AwsService::k_sts, "us-isob-east-1", "sts.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1",
       "sts", "aws-iso-b"},
      {AwsService::k_sts, "eu-west-2", "sts.eu-west-2.amazonaws.com", "eu-west-2", "sts", "aws"},
      {AwsService::k_cost_explorer, "eu-west-2", "ce.us-east-1.amazonaws.com", "us-east-1", "ce",
       "aws"},
      {AwsService::k_cost_explorer, "cn-north-1", "ce.cn-northwest-1.amazonaws.com.cn",
       "cn-northwest-1", "ce", "aws-cn"},
  };
  for (const Row& row : rows) {
    const auto endpoint = endpoint_for(row.service, row.region);
    ASSERT_TRUE(endpoint);
    EXPECT_EQ(endpoint->scheme, "https");
    EXPECT_EQ(endpoint->host, row.host);
    EXPECT_EQ(endpoint->path_prefix, "");
    EXPECT_EQ(endpoint->scope.region, row.signed_region);
    EXPECT_EQ(endpoint->scope.service, row.signed_service);
    EXPECT_FALSE(endpoint->is_custom);
    EXPECT_EQ(partition_of(row.region), row.partition);
  }
}

TEST(AwsEndpoint, LetsNothingElseIntoAHostName) {
  for (const char* region : {"", "eu-west-2.evil.example", "eu-west-2/", "EU-WEST-2", "-eu", "eu-",
                             "eu west", "eu@x", "eu:80"}) {
    const auto endpoint = endpoint_for(AwsService::k_s3, region);
    ASSERT_FALSE(endpoint) << region;
    EXPECT_EQ(endpoint.error().kind, ErrorKind::k_config);
  }
}

TEST(AwsEndpoint, ReadsAddressesOfTheUser) {
  struct Row {
    const char* text;
    const char* scheme;
    const char* host;
    const char* prefix;
  };
  const std::vector<Row> rows{
      {"http://127.0.0.1:5000", "http", "127.0.0.1:5000", ""},
      {"http://127.0.0.1:5000/", "http", "127.0.0.1:5000", ""},
      {"https://Store.Example:443", "https", "store.example", ""},
      {"https://store.example:80/", "https", "store.example:80", ""},
      {"http://store.example:080", "http", "store.example", ""},
      {"https://store.example/s3/a%20b//", "https", "store.example", "/s3/a b"},
      {"http://[::1]:9000", "http", "[::1]:9000", ""},
      {"https://[2001:DB8::1]", "https", "[2001:db8::1]", ""},
      {"http://my_store:9000", "http", "my_store:9000", ""},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    const auto endpoint = parse_endpoint({row.text, "AWS_ENDPOINT_URL"});
    ASSERT_TRUE(endpoint) << one_line(endpoint.error());
    EXPECT_EQ(endpoint->scheme, row.scheme);
    EXPECT_EQ(endpoint->host, row.host);
    EXPECT_EQ(endpoint->path_prefix, row.prefix);
    EXPECT_TRUE(endpoint->is_custom);
  }
}

TEST(AwsEndpoint, RefusesWhatIsNoAddressAndSaysWhereItStands) {
  for (const char* text : {"",
                           "store.example",
                           "ftp://store.example",
                           "HTTP://store.example",
                           "http://",
                           "http:///path",
                           "http://user@store.example",
                           "http://user:secret@store.example",
                           "https://store.example?x=1",
                           "https://store.example/#a",
                           "http://store.example:",
                           "http://store.example:0",
                           "http://store.example:65536",
                           "http://store.example:12a",
                           "http://store.example:1:2",
                           "http://st ore",
                           "http://[::1",
                           "http://store.example/%zz",
                           "http://store.example/%",
                           "http://store.example/%ff",
                           "http://[]:80"}) {
    SCOPED_TRACE(text);
    const auto endpoint = parse_endpoint({text, "AWS_ENDPOINT_URL_S3"});
    ASSERT_FALSE(endpoint);
    EXPECT_EQ(endpoint.error().kind, ErrorKind::k_config);
    EXPECT_EQ(endpoint.error().where, "AWS_ENDPOINT_URL_S3");
    EXPECT_EQ(endpoint.error().message.find("secret"), std::string::npos);
    EXPECT_NE(endpoint.error().fix, "");
  }
}

TEST(AwsEndpoint, PrefersTheAddressOfTheService) {
  EndpointSettings settings;
  settings.for_all = {"http://127.0.0.1:1", "AWS_ENDPOINT_URL"};
  settings.for_service[AwsService::k_s3] = {"http://127.0.0.1:2/s3", "AWS_ENDPOINT_URL_S3"};
  const auto s3 = endpoint_for(AwsService::k_s3, "eu-west-2", settings);
  const auto ce = endpoint_for(AwsService::k_cost_explorer, "eu-west-2", settings);
  ASSERT_TRUE(s3 && ce);
  EXPECT_EQ(s3->host, "127.0.0.1:2");
  EXPECT_EQ(request_to(*s3, "PUT", "/bucket/key").path, "/s3/bucket/key");
  EXPECT_EQ(ce->host, "127.0.0.1:1");
  EXPECT_EQ(ce->scope.region, "us-east-1");
}

}  // namespace
}  // namespace runpin
