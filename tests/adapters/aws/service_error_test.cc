#include "runpin/adapters/aws/service_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace runpin {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Asked k_put{"S3", "PutObject", "s3:PutObject", "evidence/k"};

TEST(ServiceError, ReadsTheCodeInEveryDialect) {
  const HttpResponse s3{301,
                        {},
                        "<Error><Code>PermanentRedirect</Code><Message>m</"
                        "Message><Region>eu-west-1</Region></Error>"};
  EXPECT_EQ(xml_error(s3).code, "PermanentRedirect");
  EXPECT_EQ(xml_error(s3).region, "eu-west-1");
  const HttpResponse sts{
      403, {}, R"(<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>
      <Type>Sender</Type><Code>ExpiredToken</Code><Message>m</Message></Error></ErrorResponse>)"};
  EXPECT_EQ(xml_error(sts).code, "ExpiredToken");
  const HttpResponse states{
      400, {}, R"({"__type":"com.amazonaws.states#StateMachineDoesNotExist","message":"m"})"};
  EXPECT_EQ(json_error(states).code, "StateMachineDoesNotExist");
  EXPECT_EQ(json_error(states).message, "m");
  const HttpResponse ce{
      400, {{"x-amzn-errortype", "ValidationException:http://internal/"}}, R"({"Message":"M"})"};
  EXPECT_EQ(json_error(ce).code, "ValidationException");
  EXPECT_EQ(json_error(ce).message, "M");
}

TEST(ServiceError, TakesNothingFromAnswersOfAnotherKind) {
  for (const char* body :
       {"", "<html>", "<html><body>502</body></html>", "{", "[1]", "{\"__type\":3}"}) {
    EXPECT_EQ(xml_error({502, {}, body}).code, "") << body;
    EXPECT_EQ(json_error({502, {}, body}).code, "") << body;
  }
}

TEST(ServiceError, NeverRepeatsTextThatIsNoCode) {
  const HttpResponse odd{
      403,
      {},
      "<Error><Code>token=abc def</Code><Message>arn:aws:iam::1:user/jo</Message></Error>"};
  const Error error = error_of(k_put, 403, xml_error(odd));
  EXPECT_EQ(error.message, "S3 answered PutObject with an unknown error code (HTTP 403)");
}

TEST(ServiceError, ShowsCodesAsAwsHasThem) {
  for (const char* code :
       {"AccessDenied", "NoSuchKey", "SlowDown", "EC2ThrottledException", "MalformedXML",
        "InvalidURI", "InvalidS3Key", "KMS.DisabledException", "InvalidArn",
        "ServerSideEncryptionConfigurationNotFoundError", "Throttling", "BadDigest",
        "AccessPointAlreadyOwnedByYou", "KMSInvalidStateException"}) {
    const std::string body = "{\"__type\":\"" + std::string(code) + "\"}";
    EXPECT_EQ(json_error({400, {}, body}).code, code);
  }
}

TEST(ServiceError, NeverShowsACodeThatMayBeASecret) {
  for (const char* code :
       {"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMIbPxRfiCYEXAMPLEKEYabcdefghi", "Hunter2Hunter2",
        "0123456789abcdef0123456789abcdef", "hunter", "PASSWORD", "dapi1234567890ab",
        "QUtJQUlPU0ZPRE5ON0VYQU1QTEU", "ServerSideEncryptionConfigurationNotFoundErrorTooLong",
        "Correcthorsebatterystaple", "ghpAbCdEf", "Error.Error.Error", "Access_Denied"}) {
    const std::string json = "{\"__type\":\"com.amazonaws#" + std::string(code) + "\"}";
    const std::string xml = "<Error><Code>" + std::string(code) + "</Code></Error>";
    for (const ServiceError& said : {json_error({400, {}, json}), xml_error({400, {}, xml})})
      EXPECT_EQ(error_of(k_put, 400, said).message,
                "S3 answered PutObject with an unknown error code (HTTP 400)")
          << code;
  }
}

struct Refusal {
  int status;
  const char* code;
  ErrorKind kind;
  const char* fix;
};

TEST(ServiceError, SaysWhatKindOfRefusalItIsAndWhatHelps) {
  const Refusal refusals[] = {
      {403, "AccessDenied", ErrorKind::k_denied, "allow s3:PutObject"},
      {403, "SignatureDoesNotMatch", ErrorKind::k_denied, "secret access key"},
      {403, "RequestTimeTooSkewed", ErrorKind::k_denied, "clock"},
      {403, "InvalidAccessKeyId", ErrorKind::k_denied, "credentials of the account"},
      {400, "ExpiredToken", ErrorKind::k_denied, "renew the credentials"},
      {404, "NoSuchBucket", ErrorKind::k_not_found, "create the bucket"},
      {501, "NotImplemented", ErrorKind::k_denied, "runpin probe-store"},
      {503, "SlowDown", ErrorKind::k_unavailable, "try again later"},
      {500, "InternalError", ErrorKind::k_unavailable, "try again later"},
      {429, "", ErrorKind::k_unavailable, "try again later"},
      {400, "ThrottlingException", ErrorKind::k_unavailable, "try again later"},
  };
  for (const Refusal& refusal : refusals) {
    const Error error = error_of(k_put, refusal.status, {refusal.code, "", "", false});
    EXPECT_EQ(error.kind, refusal.kind) << refusal.code;
    EXPECT_THAT(error.fix, HasSubstr(refusal.fix));
    EXPECT_THAT(error.message, HasSubstr(std::to_string(refusal.status)));
    EXPECT_THAT(error.message, HasSubstr(refusal.code));
    EXPECT_EQ(error.where, "evidence/k");
  }
}

}  // namespace
}  // namespace runpin
