// Against AWS's published Signature Version 4 test suite (aws-sig-v4-test-suite, and its successor
// in aws-c-auth), and against S3's published examples ("Signature Calculations for the
// Authorization Header: Transferring Payload in a Single Chunk").
#include "runpin/adapters/aws/signer.h"

#include <gtest/gtest.h>

#include "runpin/adapters/aws/signer_steps.h"
#include "runpin/canon/digest.h"
#include "tests/adapters/aws/example_keys.h"
#include "tests/adapters/aws/signer_vectors.h"

namespace runpin {
namespace {

using testing::header_vectors;
using testing::path_vectors;
using testing::query_vectors;
using testing::s3_example_keys;
using testing::SignerVector;
using testing::suite_keys;
using testing::unnormalized_vectors;
using Headers = std::map<std::string, std::string>;
using Query = std::vector<std::pair<std::string, std::string>>;

Instant at(const char* stamp) {
  return *Instant::parse_stamp(stamp);
}
const Instant k_suite_time = at("20150830T123600Z");
const SigningScope k_suite_scope{"us-east-1", "service"};

void expect_steps(const SignerVector& vector, std::string_view path_rules) {
  SCOPED_TRACE(vector.name);
  CanonicalRequest request{vector.method, canonical_path(vector.wire_path, path_rules),
                           percent_encode_query(vector.query), vector.headers,
                           sha256(vector.body).str()};
  request.headers["host"] = "example.amazonaws.com";
  request.headers["x-amz-date"] = k_suite_time.stamp();
  EXPECT_EQ(request.path, vector.canonical_path);
  EXPECT_EQ(request.query, vector.canonical_query);
  EXPECT_EQ(request.signed_headers(), vector.signed_headers);
  EXPECT_EQ(signature_of(string_to_sign(request, k_suite_scope, k_suite_time),
                         suite_keys().secret_access_key, k_suite_scope, k_suite_time),
            vector.signature);
}

void expect_signed(const SignerVector& vector) {
  SCOPED_TRACE(vector.name);
  HttpRequest request{vector.method,    "https",      "example.amazonaws.com",
                      vector.wire_path, vector.query, vector.headers,
                      vector.body};
  AwsCredentials credentials = suite_keys();
  credentials.session_token = request.headers["x-amz-security-token"];
  request.headers.erase("x-amz-security-token");
  const HttpRequest made = sign(request, credentials, k_suite_scope, k_suite_time);
  EXPECT_EQ(made.headers.at("authorization"),
            "AWS4-HMAC-SHA256 Credential=" + credentials.access_key_id +
                "/20150830/us-east-1/service/aws4_request, SignedHeaders=" + vector.signed_headers +
                ", Signature=" + vector.signature);
}

TEST(Signer, AgreesWithTheSuiteInEveryStep) {
  for (const auto& vectors : {header_vectors(), query_vectors(), path_vectors()})
    for (const SignerVector& vector : vectors) expect_steps(vector, "service");
}

TEST(Signer, AgreesWithTheSuiteAsAWhole) {
  for (const auto& vectors : {header_vectors(), query_vectors(), path_vectors()})
    for (const SignerVector& vector : vectors)
      // These two stand in the suite as they may not go over a wire: not encoded.
      if (percent_encode(vector.wire_path, true) == vector.wire_path) expect_signed(vector);
}

TEST(Signer, LeavesPathsOfS3AsTheyAre) {
  for (const SignerVector& vector : unnormalized_vectors()) expect_steps(vector, "s3");
}

TEST(Signer, MakesTheCanonicalRequestThatTheSuitePrints) {
  CanonicalRequest request{"GET",
                           "/",
                           "Param1=Value1&Param1=value2",
                           {{"host", "example.amazonaws.com"}, {"x-amz-date", "20150830T123600Z"}},
                           sha256("").str()};
  EXPECT_EQ(request.text(),
            "GET\n/\nParam1=Value1&Param1=value2\nhost:example.amazonaws.com\n"
            "x-amz-date:20150830T123600Z\n\nhost;x-amz-date\n"
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(string_to_sign(request, k_suite_scope, k_suite_time),
            "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n"
            "704b4cef673542d84cdff252633f065e8daeba5f168b77116f8b1bcaf3d38f89");
}

struct S3Example {
  const char* name;
  HttpRequest request;
  std::string signed_headers;
  std::string signature;
};

HttpRequest to_bucket(std::string method, std::string path, Query query = {}, Headers headers = {},
                      Bytes body = {}) {
  return {std::move(method), "https",          "examplebucket.s3.amazonaws.com",
          std::move(path),   std::move(query), std::move(headers),
          std::move(body)};
}

TEST(Signer, AgreesWithTheExamplesOfS3) {
  const std::vector<S3Example> examples{
      {"GET Object", to_bucket("GET", "/test.txt", {}, {{"range", "bytes=0-9"}}),
       "host;range;x-amz-content-sha256;x-amz-date",
       "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"},
      {"PUT Object",
       to_bucket("PUT", "/test$file.text", {},
                 {{"date", "Fri, 24 May 2013 00:00:00 GMT"},
                  {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
                 "Welcome to Amazon S3."),
       "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
       "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"},
      {"GET Bucket Lifecycle", to_bucket("GET", "/", {{"lifecycle", ""}}),
       "host;x-amz-content-sha256;x-amz-date",
       "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"},
      {"GET Bucket (List Objects)", to_bucket("GET", "/", {{"max-keys", "2"}, {"prefix", "J"}}),
       "host;x-amz-content-sha256;x-amz-date",
       "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"},
  };
  for (const S3Example& example : examples) {
    SCOPED_TRACE(example.name);
    const HttpRequest made =
        sign(example.request, s3_example_keys(), {"us-east-1", "s3"}, at("20130524T000000Z"));
    EXPECT_EQ(made.headers.at("authorization"),
              "AWS4-HMAC-SHA256 Credential=" + s3_example_keys().access_key_id +
                  "/20130524/us-east-1/s3/aws4_request, SignedHeaders=" + example.signed_headers +
                  ", Signature=" + example.signature);
  }
}

TEST(Signer, KeepsEveryKeyOfS3Apart) {
  const std::vector<std::pair<std::string, std::string>> keys{
      {"/a//b", "/a//b"},
      {"/a/../b", "/a/../b"},
      {"/./a", "/./a"},
      {"/a b+c", "/a%20b%2Bc"},
      {"/100%", "/100%25"},
      {"/a%20b", "/a%2520b"},
      {"/\u00e9\U0001F600", "/%C3%A9%F0%9F%98%80"},
      {"/~*'()!", "/~%2A%27%28%29%21"},
      {"/a?b#c&d=e", "/a%3Fb%23c%26d%3De"},
  };
  for (const auto& [plain, encoded] : keys) {
    HttpRequest request = to_bucket("GET", plain);
    EXPECT_EQ(request_target(request), encoded);
    EXPECT_EQ(canonical_path(request_target(request), "s3"), encoded);
  }
}

TEST(Signer, EncodesPathsOfOtherServicesTwice) {
  EXPECT_EQ(canonical_path(percent_encode("/a b/\u00e9", true), "states"), "/a%2520b/%25C3%25A9");
}

TEST(Signer, ReplacesWhatAnEarlierSignatureLeft) {
  const HttpRequest once =
      sign(to_bucket("GET", "/k"), s3_example_keys(), {"us-east-1", "s3"}, at("20130524T000000Z"));
  const HttpRequest again =
      sign(once, s3_example_keys(), {"us-east-1", "s3"}, at("20130524T000000Z"));
  EXPECT_EQ(again.headers, once.headers);
}

TEST(Signer, DoesNotSignWhatIntermediariesChange) {
  HttpRequest request = to_bucket("GET", "/k");
  const auto authorization = [&] {
    return sign(request, s3_example_keys(), {"us-east-1", "s3"}, at("20130524T000000Z"))
        .headers.at("authorization");
  };
  const std::string before = authorization();
  for (const char* name :
       {"connection", "expect", "transfer-encoding", "user-agent", "x-amzn-trace-id"})
    request.headers[name] = "x";
  EXPECT_EQ(authorization(), before);
}

}  // namespace
}  // namespace runpin
