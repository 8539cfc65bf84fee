#include "runpin/adapters/aws/curl_transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/support/scripted_server.h"

namespace runpin {
namespace {

using testing::EarlyEnd;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::ScriptedAnswer;
using testing::ScriptedServer;
using Then = ScriptedAnswer::Then;

CurlSettings without_proxy() {
  CurlSettings settings;
  settings.proxy = CurlSettings::Proxy::k_none;
  return settings;
}

HttpRequest to(const ScriptedServer& server, std::string method = "GET", Bytes body = {}) {
  HttpRequest request;
  request.method = std::move(method);
  request.scheme = "http";
  request.host = server.host();
  request.path = "/bucket/key";
  request.body = std::move(body);
  return request;
}

ScriptedAnswer cut(ScriptedAnswer answer, std::size_t after, Then then) {
  answer.cut_after = after;
  answer.then = then;
  return answer;
}

TEST(CurlTransport, CarriesRequestAndAnswerUnchanged) {
  Bytes body;
  for (int i = 0; i < 256; ++i) body += static_cast<char>(i);
  ScriptedServer server(
      {{203, {{"ETag", "\"x\""}, {"X-Repeated", "first"}, {"x-repeated", "last"}}, body}});
  HttpRequest request = to(server, "PUT", body + body);
  request.path = "/a//b/../c d+%/\u00e9";
  request.query = {{"prefix", "x/y z"}, {"list-type", "2"}};
  request.headers = {{"x-amz-date", "20260223T174307Z"}, {"x-empty", ""}, {"host", server.host()}};
  CurlTransport transport(without_proxy());
  bool sent = false;
  const auto answer = transport.send(request, {}, &sent);
  ASSERT_TRUE(answer) << one_line(answer.error());
  EXPECT_TRUE(sent);
  EXPECT_EQ(answer->status, 203);
  EXPECT_EQ(answer->header("etag"), "\"x\"");
  EXPECT_EQ(answer->header("x-repeated"), "last");
  EXPECT_EQ(answer->header("absent"), "");
  EXPECT_EQ(answer->body, body);
  const auto seen = server.requests().at(0);
  EXPECT_EQ(seen.method, "PUT");
  EXPECT_EQ(seen.target, "/a//b/../c%20d%2B%25/%C3%A9?list-type=2&prefix=x%2Fy%20z");
  EXPECT_EQ(seen.body, body + body);
  EXPECT_EQ(seen.headers.at("x-amz-date"), "20260223T174307Z");
  EXPECT_EQ(seen.headers.at("x-empty"), "");
  EXPECT_EQ(seen.headers.at("host"), server.host());
  EXPECT_EQ(seen.headers.at("content-length"), "512");
}

TEST(CurlTransport, AddsNoHeaderThatChangesTheExchange) {
  ScriptedServer server({ScriptedAnswer::with(200)});
  CurlTransport transport(without_proxy());
  ASSERT_TRUE(transport.send(to(server, "PUT", Bytes(3u << 20, 'x')), {}));
  const auto seen = server.requests().at(0);
  EXPECT_EQ(seen.body.size(), 3u << 20);
  for (const char* name : {"expect", "content-type", "transfer-encoding", "accept-encoding"})
    EXPECT_FALSE(seen.headers.contains(name)) << name;
}

TEST(CurlTransport, SendsEveryMethodAsItIsNamed) {
  struct Row {
    const char* method;
    Bytes body;
    const char* length;  // null: no content-length at all
  };
  const std::vector<Row> rows{{"GET", "", nullptr}, {"HEAD", "", nullptr}, {"PUT", "", "0"},
                              {"PUT", "abc", "3"},  {"POST", "", "0"},     {"POST", "{}", "2"},
                              {"DELETE", "", "0"}};
  ScriptedServer server([](const auto&) { return ScriptedAnswer::with(200, "answer"); });
  CurlTransport transport(without_proxy());
  for (const Row& row : rows) {
    SCOPED_TRACE(row.method + (" " + row.body));
    const auto answer = transport.send(to(server, row.method, row.body), {});
    ASSERT_TRUE(answer) << one_line(answer.error());
    EXPECT_EQ(answer->body, std::string(row.method) == "HEAD" ? "" : "answer");
    const auto seen = server.requests().back();
    EXPECT_EQ(seen.method, row.method);
    EXPECT_EQ(seen.body, row.body);
    EXPECT_EQ(seen.headers.contains("content-length"), row.length != nullptr);
    if (row.length) {
      EXPECT_EQ(seen.headers.at("content-length"), row.length);
    }
  }
}

TEST(CurlTransport, KeepsTheConnection) {
  ScriptedServer server([](const auto&) { return ScriptedAnswer::with(200, "x"); });
  CurlTransport transport(without_proxy());
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(transport.send(to(server), {}));
    ASSERT_TRUE(transport.send(to(server, "PUT", "body"), {}));
    ASSERT_TRUE(transport.send(to(server, "HEAD"), {}));
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(CurlTransport, ServesManyThreadsAtOnce) {
  ScriptedServer server(
      [](const auto& seen) { return ScriptedAnswer::with(200, "echo " + seen.body); });
  CurlTransport transport(without_proxy());
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 25; ++i) {
        const Bytes body = std::to_string(t * 1000 + i);
        const auto answer = transport.send(to(server, "PUT", body), {});
        right += answer && answer->body == "echo " + body;
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(right, 200);
  EXPECT_LE(server.connections(), 8);
}

TEST(CurlTransport, FollowsNoRedirect) {
  ScriptedServer server([&](const auto&) {
    return ScriptedAnswer{307, {{"Location", "/elsewhere"}}, "moved"};
  });
  CurlTransport transport(without_proxy());
  const auto answer = transport.send(to(server), {});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 307);
  EXPECT_EQ(answer->header("location"), "/elsewhere");
  EXPECT_EQ(server.requests().size(), 1u);
}

struct Fault {
  const char* name;
  ScriptedAnswer answer;
  const char* stage;
};

std::vector<Fault> faults() {
  const ScriptedAnswer good{200, {{"ETag", "x"}}, "0123456789"};
  const ScriptedAnswer longer{200, {}, "0123456789", 20, {}, {}, Then::k_close};
  return {
      {"reset before an answer", ScriptedAnswer::nothing(Then::k_reset), "before an answer came"},
      {"closed before an answer", ScriptedAnswer::nothing(Then::k_close), "before an answer came"},
      {"reset in the status line", cut(good, 7, Then::k_reset), ""},
      {"reset in the headers", cut(good, 30, Then::k_reset), "while the answer was read"},
      {"closed in the body", cut(good, 60, Then::k_close), "while the answer was read"},
      {"reset in the body", cut(good, 60, Then::k_reset), "while the answer was read"},
      {"body shorter than it says", longer, "while the answer was read"},
      {"no HTTP at all", {0, {}, {}, {}, "SSH-2.0-OpenSSH\r\n", {}, Then::k_close}, ""},
      {"HTTP/0.9", {0, {}, {}, {}, "<html>", {}, Then::k_close}, ""},
      {"length that is no number",
       {0, {}, {}, {}, "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nx", {}, Then::k_close},
       ""},
      {"chunk that is none",
       {0,
        {},
        {},
        {},
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        {},
        Then::k_close},
       ""},
      {"chunks without an end",
       {0,
        {},
        {},
        {},
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        {},
        Then::k_close},
       "while the answer was read"},
  };
}

TEST(CurlTransport, CallsABrokenAnswerUnavailableAndSent) {
  for (const Fault& fault : faults())
    for (const char* method : {"GET", "PUT"}) {
      SCOPED_TRACE(std::string(method) + ": " + fault.name);
      ScriptedServer server({fault.answer});
      CurlTransport transport(without_proxy());
      bool sent = false;
      const auto answer =
          transport.send(to(server, method, method == std::string("PUT") ? "body" : ""), {}, &sent);
      ASSERT_FALSE(answer);
      EXPECT_EQ(answer.error().kind, ErrorKind::k_unavailable);
      EXPECT_EQ(answer.error().where, server.host());
      EXPECT_THAT(answer.error().message, HasSubstr(fault.stage));
      EXPECT_TRUE(sent);
      EXPECT_EQ(server.requests().size(), 1u);
    }
}

TEST(CurlTransport, DoesNotRepeatWhatMayHaveBeenActedOnWhenAKeptConnectionBreaks) {
  for (const Bytes& body : {Bytes(), Bytes("body")}) {
    ScriptedServer server({ScriptedAnswer::with(200), ScriptedAnswer::nothing(Then::k_reset),
                           ScriptedAnswer::with(200, "a second time")});
    CurlTransport transport(without_proxy());
    ASSERT_TRUE(transport.send(to(server), {}));
    bool sent = false;
    EXPECT_FALSE(transport.send(to(server, "PUT", body), {}, &sent));
    EXPECT_TRUE(sent);
    EXPECT_EQ(server.requests().size(), 2u);
  }
}

TEST(CurlTransport, GoesOnAfterEveryFault) {
  for (const Fault& fault : faults()) {
    SCOPED_TRACE(fault.name);
    ScriptedServer server({fault.answer, ScriptedAnswer::with(200, "well again")});
    CurlTransport transport(without_proxy());
    EXPECT_FALSE(transport.send(to(server, "PUT", "body"), {}));
    const auto answer = transport.send(to(server), {});
    ASSERT_TRUE(answer) << one_line(answer.error());
    EXPECT_EQ(answer->body, "well again");
  }
}

TEST(CurlTransport, SurvivesConnectionsThatEndBeforeTheRequestIsRead) {
  for (const EarlyEnd end : {EarlyEnd::k_reset_when_accepted, EarlyEnd::k_reset_after_first_byte,
                             EarlyEnd::k_reset_after_headers}) {
    SCOPED_TRACE(static_cast<int>(end));
    ScriptedServer server({ScriptedAnswer::with(200)});
    server.end_early(end, 1);
    CurlTransport transport(without_proxy());
    const auto broken = transport.send(to(server, "PUT", Bytes(8u << 20, 'x')), {});
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().kind, ErrorKind::k_unavailable);
    EXPECT_TRUE(transport.send(to(server, "PUT", "x"), {}));
    EXPECT_EQ(server.requests().size(), 1u);
  }
}

TEST(CurlTransport, KnowsForCertainThatNothingWasSent) {
  CurlTransport transport(without_proxy());
  HttpRequest request;
  request.scheme = "http";
  for (const std::string& host : {"127.0.0.1:" + std::to_string(testing::closed_port()),
                                  std::string("no-such-host.invalid")}) {
    SCOPED_TRACE(host);
    request.host = host;
    bool sent = true;
    const auto answer = transport.send(request, {}, &sent);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::k_unavailable);
    EXPECT_FALSE(sent);
  }
}

TEST(CurlTransport, EndsSilenceAtTheDeadline) {
  HttpLimits limits;
  limits.total = std::chrono::milliseconds(150);
  const ScriptedAnswer good{200, {}, "0123456789"};
  for (const auto& answer : {ScriptedAnswer::nothing(Then::k_silence),
                             cut(good, 20, Then::k_silence), cut(good, 45, Then::k_silence)}) {
    ScriptedServer server({answer});
    CurlTransport transport(without_proxy());
    bool sent = false;
    const auto broken = transport.send(to(server, "PUT", "x"), limits, &sent);
    ASSERT_FALSE(broken);
    EXPECT_EQ(broken.error().kind, ErrorKind::k_unavailable);
    EXPECT_THAT(broken.error().message, HasSubstr("the deadline passed"));
    EXPECT_TRUE(sent);
  }
}

TEST(CurlTransport, StopsReadingAnAnswerThatIsTooLarge) {
  HttpLimits limits;
  limits.max_answer_bytes = 100'000;
  ScriptedAnswer exact = ScriptedAnswer::with(200, Bytes(100'000, 'x'));
  ScriptedAnswer over = ScriptedAnswer::with(200, Bytes(100'001, 'x'));
  ScriptedAnswer endless = ScriptedAnswer::with(200);
  endless.then = Then::k_endless;
  ScriptedAnswer headers = ScriptedAnswer::nothing(Then::k_keep);
  headers.raw = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 40; ++i) *headers.raw += "x-h: " + std::string(10'000, 'y') + "\r\n";
  ScriptedServer server({exact, over, endless, headers});
  CurlTransport transport(without_proxy());
  ASSERT_TRUE(transport.send(to(server), limits));
  for (int i = 0; i < 3; ++i) {
    const auto answer = transport.send(to(server), limits);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::k_unavailable);
    EXPECT_THAT(answer.error().message, HasSubstr("larger than 100000 bytes"));
  }
}

TEST(CurlTransport, RefusesWhatWouldBeAnotherRequest) {
  ScriptedServer server({ScriptedAnswer::with(200)});
  CurlTransport transport(without_proxy());
  std::vector<HttpRequest> wrong(6, to(server));
  wrong[0].host = "user@" + server.host();
  wrong[1].host = server.host() + "/elsewhere";
  wrong[2].headers["x-token"] = "a\r\nx-injected: b";
  wrong[3].headers["x token"] = "a";
  wrong[4].scheme = "file";
  wrong[5].method = "GET /other";
  for (const HttpRequest& request : wrong) {
    bool sent = true;
    const auto answer = transport.send(request, {}, &sent);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::k_config);
    EXPECT_THAT(answer.error().message, Not(HasSubstr("injected")));
    EXPECT_FALSE(sent);
  }
  EXPECT_EQ(server.connections(), 0);
}

}  // namespace
}  // namespace runpin
