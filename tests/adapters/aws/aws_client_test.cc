#include "runpin/adapters/aws/aws_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "runpin/adapters/aws/backoff.h"
#include "runpin/adapters/aws/retry_rules.h"
#include "tests/adapters/aws/example_keys.h"

namespace runpin {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// What the scripted transport does with one request.
struct Step {
  int status = 0;  // 0: no answer
  Bytes body;
  bool sent = true;
  std::string date;
};

Step answers(int status, Bytes body = {}) {
  return {status, std::move(body), true, ""};
}
Step breaks() {
  return {};
}
Step does_not_connect() {
  return {0, "", false, ""};
}

class ScriptedTransport : public HttpTransport {
 public:
  std::deque<Step> script;
  std::vector<HttpRequest> requests;
  std::vector<HttpLimits> limits;
  milliseconds takes{0};
  std::function<void(milliseconds)> pass;

  Result<HttpResponse> send(const HttpRequest& request, const HttpLimits& limit,
                            bool* sent) override {
    requests.push_back(request);
    limits.push_back(limit);
    pass(takes);
    const Step step = script.size() > 1 ? script.front() : script.at(0);  // the last one repeats
    if (script.size() > 1) script.pop_front();
    if (sent) *sent = step.sent;
    if (step.status == 0) return fail(ErrorKind::k_unavailable, "the exchange broke", "host");
    HttpResponse response;
    response.status = step.status;
    response.body = step.body;
    if (!step.date.empty()) response.headers["date"] = step.date;
    return response;
  }
};

class FixedCredentials : public CredentialSource {
 public:
  std::optional<Error> error;
  int asked = 0;
  Result<AwsCredentials> get(const Instant&) override {
    ++asked;
    if (error) return tl::unexpected(*error);
    return testing::s3_example_keys();
  }
};

class AwsClientTest : public ::testing::Test {
 protected:
  AwsClientTest() {
    transport.pass = [this](milliseconds time) { clock += time; };
  }
  RetryWorld world() {
    return {[this] { return now; }, [this] { return luck; },
            [this](milliseconds pause) {
              pauses.push_back(pause);
              clock += pause;
            },
            [this] { return clock; }, [this](const std::string& line) { log.push_back(line); }};
  }
  Result<AwsAnswer> call(Repeatable repeatable = Repeatable::k_yes) {
    if (!client) client.emplace(transport, credentials, world(), policy);
    AwsCall call;
    call.request.host = "examplebucket.s3.amazonaws.com";
    call.request.method = repeatable == Repeatable::k_yes ? "GET" : "PUT";
    call.scope = {"us-east-1", "s3"};
    call.repeatable = repeatable;
    return client->call(call);
  }
  std::string signed_at(std::size_t request) {
    return transport.requests.at(request).headers.at("x-amz-date");
  }

  ScriptedTransport transport;
  FixedCredentials credentials;
  RetryPolicy policy;
  Instant now = *Instant::parse_stamp("20260223T174307Z");
  double luck = 0.999;
  milliseconds clock{1000};
  std::vector<milliseconds> pauses;
  std::vector<std::string> log;
  std::optional<AwsClient> client;
};

Bytes xml(const char* code) {
  return std::string("<?xml version=\"1.0\"?><Error><Code>") + code +
         "</Code><Message>m</Message></Error>";
}
Bytes json(const char* code) {
  return std::string("{\"__type\":\"com.amazon.x#") + code + "\"}";
}

struct Row {
  const char* name;
  Step step;
  int attempts_if_repeatable;
  int attempts_in_doubt;
  bool ends_as_answer;  // else as k_unavailable, whatever the call
};

TEST_F(AwsClientTest, RepeatsOnlyWhatMayBeRepeated) {
  const std::vector<Row> rows{
      {"200", answers(200), 1, 1, true},
      {"204", answers(204), 1, 1, true},
      {"301", answers(301), 1, 1, true},
      {"404", answers(404, xml("NoSuchKey")), 1, 1, true},
      {"409", answers(409, xml("ConditionalRequestConflict")), 1, 1, true},
      {"412", answers(412, xml("PreconditionFailed")), 1, 1, true},
      {"403", answers(403, xml("AccessDenied")), 1, 1, true},
      {"400", answers(400, json("ValidationException")), 1, 1, true},
      {"501", answers(501, xml("NotImplemented")), 1, 1, true},
      {"429", answers(429), 4, 1, false},
      {"500", answers(500, xml("InternalError")), 4, 1, false},
      {"502", answers(502), 4, 1, false},
      {"503", answers(503, xml("SlowDown")), 4, 1, false},
      {"504", answers(504), 4, 1, false},
      {"throttled", answers(400, json("ThrottlingException")), 4, 1, false},
      {"too many", answers(400, json("TooManyRequestsException")), 4, 1, false},
      {"limit", answers(400, json("LimitExceededException")), 4, 1, false},
      {"slow client", answers(400, xml("RequestTimeout")), 4, 1, false},
      {"broken", breaks(), 4, 1, false},
      {"not connected", does_not_connect(), 4, 4, false},
  };
  for (const Row& row : rows)
    for (const Repeatable repeatable : {Repeatable::k_yes, Repeatable::k_in_doubt}) {
      const bool yes = repeatable == Repeatable::k_yes;
      SCOPED_TRACE(std::string(row.name) + (yes ? "" : " in doubt"));
      transport.requests.clear();
      transport.script = {row.step};
      pauses.clear();
      const auto answer = call(repeatable);
      const int attempts = yes ? row.attempts_if_repeatable : row.attempts_in_doubt;
      EXPECT_EQ(transport.requests.size(), static_cast<std::size_t>(attempts));
      EXPECT_EQ(pauses.size(), static_cast<std::size_t>(attempts - 1));
      ASSERT_EQ(answer.has_value(), row.ends_as_answer);
      if (answer)
        EXPECT_EQ(answer->response.status, row.step.status);
      else
        EXPECT_EQ(answer.error().kind, ErrorKind::k_unavailable);
    }
}

TEST_F(AwsClientTest, TakesTheAnswerOfALaterAttempt) {
  transport.script = {breaks(), answers(503), does_not_connect(), answers(200, "at last")};
  const auto answer = call();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->response.body, "at last");
  EXPECT_EQ(log.size(), 3u);
}

TEST_F(AwsClientTest, SaysWhatTheServiceAnsweredLast) {
  transport.script = {breaks(), answers(503, xml("SlowDown"))};
  const auto answer = call();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().message, "s3 answered GET with SlowDown (HTTP 503)");
  EXPECT_EQ(answer.error().where, "examplebucket.s3.amazonaws.com");
}

TEST_F(AwsClientTest, WaitsWithFullJitterBelowDoublingCeilings) {
  policy.max_attempts = 9;
  transport.script = {answers(500)};
  luck = 0.5;
  EXPECT_FALSE(call());
  EXPECT_THAT(pauses, ElementsAre(milliseconds(25), milliseconds(50), milliseconds(100),
                                  milliseconds(200), milliseconds(400), milliseconds(800),
                                  milliseconds(1000), milliseconds(1000)));
}

TEST_F(AwsClientTest, KeepsEveryPauseWithinItsBounds) {
  policy.max_attempts = 6;
  transport.script = {answers(500)};
  for (int i = 0; i < 100; ++i) {
    luck = i / 100.0;
    pauses.clear();
    EXPECT_FALSE(call());
    ASSERT_EQ(pauses.size(), 5u);
    for (std::size_t n = 0; n < pauses.size(); ++n) {
      EXPECT_GE(pauses[n], milliseconds(0));
      EXPECT_LT(pauses[n], milliseconds(50 << n));
    }
  }
}

TEST_F(AwsClientTest, EndsAtTheDeadlineOverAllAttempts) {
  policy.max_attempts = 100;
  transport.script = {breaks()};
  transport.takes = milliseconds(3000);
  const auto answer = call();
  ASSERT_FALSE(answer);
  EXPECT_LE(clock, milliseconds(1000) + policy.deadline + transport.takes);
  EXPECT_EQ(transport.limits.front().total, HttpLimits{}.total);
  for (const HttpLimits& limits : transport.limits) {
    EXPECT_GT(limits.total, milliseconds(0));
    EXPECT_LE(limits.total, HttpLimits{}.total);
  }
  EXPECT_LT(transport.limits.back().total, HttpLimits{}.total);
}

TEST_F(AwsClientTest, SignsAgainForTheClockOfTheServerOnce) {
  Step skewed = answers(403, xml("RequestTimeTooSkewed"));
  skewed.date = "Mon, 23 Feb 2026 18:43:07 GMT";
  transport.script = {skewed, answers(200)};
  ASSERT_TRUE(call(Repeatable::k_in_doubt));
  EXPECT_EQ(signed_at(0), "20260223T174307Z");
  EXPECT_EQ(signed_at(1), "20260223T184307Z");
  EXPECT_TRUE(pauses.empty());

  transport.script = {answers(200)};
  now = *Instant::parse_stamp("20260223T174317Z");
  ASSERT_TRUE(call());
  EXPECT_EQ(signed_at(2), "20260223T184317Z") << "later calls keep to the server's clock";
}

TEST_F(AwsClientTest, SignsAgainForAClockThatAnotherCallHasFoundMeanwhile) {
  Step skewed = answers(403, xml("RequestTimeTooSkewed"));
  skewed.date = "Mon, 23 Feb 2026 18:43:07 GMT";
  transport.script = {skewed, answers(200)};
  bool under_way = false;
  transport.pass = [&](milliseconds) {
    if (std::exchange(under_way, true)) return;
    EXPECT_EQ(call()->response.status, 200);
    transport.script = {skewed, answers(200)};
  };
  EXPECT_EQ(call()->response.status, 200);
  EXPECT_EQ(signed_at(0), "20260223T174307Z");
  EXPECT_EQ(signed_at(3), "20260223T184307Z");
}

TEST_F(AwsClientTest, GivesUpWhenTheClockIsNotTheReason) {
  Step skewed = answers(403, xml("RequestTimeTooSkewed"));
  skewed.date = "Mon, 23 Feb 2026 18:43:07 GMT";
  transport.script = {skewed};
  const auto answer = call();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->response.status, 403);
  EXPECT_EQ(transport.requests.size(), 2u);
}

TEST_F(AwsClientTest, SignsEveryAttemptAnew) {
  transport.script = {answers(503), answers(200)};
  ASSERT_TRUE(call());
  EXPECT_EQ(credentials.asked, 2);
  EXPECT_THAT(transport.requests[1].headers.at("authorization"), HasSubstr("AWS4-HMAC-SHA256"));
}

TEST_F(AwsClientTest, SendsNothingWithoutCredentials) {
  credentials.error = Error{ErrorKind::k_denied, "no credentials", "", ""};
  transport.script = {answers(200)};
  const auto answer = call();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::k_denied);
  EXPECT_TRUE(transport.requests.empty());
}

TEST(RetryRules, FindsAClockThatIsWrong) {
  const Instant now = *Instant::parse_stamp("20260223T174307Z");
  struct SkewRow {
    int status;
    Bytes body;
    const char* date;
    std::optional<std::int64_t> skew;
  };
  const char* hour_ahead = "Mon, 23 Feb 2026 18:43:07 GMT";
  const char* same = "Mon, 23 Feb 2026 17:44:07 GMT";
  const std::vector<SkewRow> rows{
      {403, xml("RequestTimeTooSkewed"), hour_ahead, 3600},
      {400, json("RequestExpired"), hour_ahead, 3600},
      {403, xml("SignatureDoesNotMatch"), hour_ahead, 3600},
      {403, xml("SignatureDoesNotMatch"), same, {}},
      {400, json("InvalidSignatureException"), hour_ahead, 3600},
      {403, "", hour_ahead, 3600},  // HEAD
      {404, "", hour_ahead, {}},
      {403, xml("AccessDenied"), hour_ahead, {}},
      {200, "", hour_ahead, {}},
      {403, xml("RequestTimeTooSkewed"), "", {}},
      {403, xml("RequestTimeTooSkewed"), "yesterday", {}},
  };
  for (const SkewRow& row : rows) {
    SCOPED_TRACE(std::to_string(row.status) + " " + row.body + " " + row.date);
    HttpResponse response{row.status, {{"date", row.date}}, row.body};
    EXPECT_EQ(clock_skew_of(response, now), row.skew);
  }
}

TEST(RetryRules, ReadsOnlyTheDateThatHttpWrites) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT")->rfc3339(), "1994-11-06T08:49:37Z");
  for (const char* text : {"", "Sun, 06 Nov 1994 08:49:37 CET", "Sunday, 06-Nov-94 08:49:37 GMT",
                           "Sun, 06 anF 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT"})
    EXPECT_FALSE(parse_http_date(text)) << text;
}

}  // namespace
}  // namespace runpin
