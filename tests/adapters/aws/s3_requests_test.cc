// Wire formats as docs.aws.amazon.com/AmazonS3/latest/API has them.
#include "runpin/adapters/aws/s3_requests.h"

#include <gtest/gtest.h>

namespace runpin {
namespace {

S3Address on_aws(const std::string& bucket) {
  return {*endpoint_for(AwsService::k_s3, "eu-west-2"), bucket};
}

S3Address at(const std::string& url, const std::string& bucket) {
  EndpointSettings settings;
  settings.for_all = EndpointSettings::Url{url, "AWS_ENDPOINT_URL"};
  return {*endpoint_for(AwsService::k_s3, "eu-west-2", settings), bucket};
}

TEST(S3Requests, AddressesByHostWhereAWildcardCertificateCoversTheName) {
  const HttpRequest get = get_object(on_aws("my-evidence"), ObjectKey("a/b c.json"));
  EXPECT_EQ(get.host, "my-evidence.s3.eu-west-2.amazonaws.com");
  EXPECT_EQ(get.path, "/a/b c.json");
  EXPECT_EQ(request_target(get), "/a/b%20c.json");
}

TEST(S3Requests, AddressesByPathWhereTheHostNameWouldNotDo) {
  for (const char* bucket : {"dotted.name", "Capital-Name", "under_score", "ab", "-dash"}) {
    const HttpRequest get = get_object(on_aws(bucket), ObjectKey("k"));
    EXPECT_EQ(get.host, "s3.eu-west-2.amazonaws.com") << bucket;
    EXPECT_EQ(get.path, std::string("/") + bucket + "/k");
  }
  const HttpRequest get = get_object(at("http://127.0.0.1:9000/s3/", "evidence"), ObjectKey("k"));
  EXPECT_EQ(get.scheme, "http");
  EXPECT_EQ(get.host, "127.0.0.1:9000");
  EXPECT_EQ(get.path, "/s3/evidence/k");
}

TEST(S3Requests, KeepsKeysOfAnyShapeApart) {
  for (const char* key :
       {"a//b", "./a", "../a", "a/../b", "ä/日本/😀", "a?b#c%41+d", "line\nbreak", "trailing/"}) {
    const HttpRequest get = get_object(on_aws("evidence"), ObjectKey(key));
    EXPECT_EQ(get.path, "/" + std::string(key));
    EXPECT_TRUE(get.query.empty());
  }
  EXPECT_EQ(request_target(get_object(on_aws("evidence"), ObjectKey("a?b#c%41+d"))),
            "/a%3Fb%23c%2541%2Bd");
}

TEST(S3Requests, CreatesOnlyWhatIsAbsentAndWithAChecksum) {
  const HttpRequest put = put_object_if_absent(on_aws("evidence"), ObjectKey("k.json"), "hello");
  EXPECT_EQ(put.method, "PUT");
  EXPECT_EQ(put.headers.at("if-none-match"), "*");
  EXPECT_EQ(put.headers.at("x-amz-sdk-checksum-algorithm"), "SHA256");
  // printf hello | openssl dgst -sha256 -binary | base64
  EXPECT_EQ(put.headers.at("x-amz-checksum-sha256"),
            "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=");
  EXPECT_EQ(put.headers.at("content-type"), "application/json");
  EXPECT_EQ(put.body, "hello");
}

struct Target {
  HttpRequest request;
  const char* method;
  const char* target;
};

TEST(S3Requests, AsksWithTheQueriesOfTheApi) {
  const S3Address to = on_aws("evidence");
  const Target targets[] = {
      {head_object(to, ObjectKey("k")), "HEAD", "/k"},
      {head_bucket(to), "HEAD", "/"},
      {list_objects(to, "a b/", 7, ""), "GET",
       "/?encoding-type=url&list-type=2&max-keys=7&prefix=a%20b%2F"},
      {list_objects(to, "", 1000, "t+/="), "GET",
       "/?continuation-token=t%2B%2F%3D&encoding-type=url&list-type=2&max-keys=1000&prefix="},
      {list_object_versions(to, "p/", {}), "GET",
       "/?encoding-type=url&max-keys=1000&prefix=p%2F&versions="},
      {list_object_versions(to, "p/", {"p/ü", "v1"}), "GET",
       "/?encoding-type=url&key-marker=p%2F%C3%BC&max-keys=1000&prefix=p%2F&version-id-marker=v1"
       "&versions="},
  };
  for (const Target& target : targets) {
    EXPECT_EQ(target.request.method, target.method) << target.target;
    EXPECT_EQ(request_target(target.request), target.target);
    EXPECT_EQ(target.request.body, "");
  }
}

}  // namespace
}  // namespace runpin
