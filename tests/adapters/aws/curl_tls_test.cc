#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "runpin/adapters/aws/curl_transport.h"
#include "tests/adapters/aws/tls_server.h"
#include "tests/support/scripted_server.h"

namespace runpin {
namespace {

using ::testing::HasSubstr;
using testing::ScriptedAnswer;
using testing::ScriptedServer;
using testing::TlsServer;

HttpRequest get(const std::string& scheme, const std::string& host) {
  HttpRequest request;
  request.scheme = scheme;
  request.host = host;
  request.path = "/key";
  return request;
}

CurlSettings trusting(const std::string& authorities) {
  return {.ca_bundle = authorities, .proxy = CurlSettings::Proxy::k_none};
}

TEST(CurlTls, TrustsTheAuthoritiesOfTheUserAndOffersHttp2) {
  TlsServer server("IP:127.0.0.1");
  CurlTransport transport(trusting(server.certificate()));
  for (int i = 0; i < 3; ++i) {
    const auto answer = transport.send(get("https", server.host()), {});
    ASSERT_TRUE(answer) << one_line(answer.error());
    EXPECT_EQ(answer->body, "hello");
  }
  EXPECT_EQ(server.requests(), 3);
  EXPECT_TRUE(server.was_offered_http2());
}

TEST(CurlTls, SendsNothingToAServerThatNobodyVouchesFor) {
  TlsServer own("IP:127.0.0.1");
  TlsServer other("DNS:other.example");
  struct Row {
    const char* name;
    TlsServer& server;
    CurlSettings settings;
  };
  const std::vector<Row> rows{
      {"unknown authority", own, trusting("")},
      {"another authority", own, trusting(other.certificate())},
      {"certificate for another name", other, trusting(other.certificate())},
      {"no authorities at all", own, trusting("/no/such/file.pem")},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    CurlTransport transport(row.settings);
    bool sent = true;
    const auto answer = transport.send(get("https", row.server.host()), {}, &sent);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::k_unavailable);
    EXPECT_THAT(answer.error().message, HasSubstr("TLS certificate is not trusted"));
    EXPECT_THAT(answer.error().fix, HasSubstr("AWS_CA_BUNDLE"));
    EXPECT_FALSE(sent);
    EXPECT_EQ(row.server.requests(), 0);
  }
}

TEST(CurlTls, KnowsThatNothingWasSentWhenTheServerSpeaksNoTls) {
  ScriptedServer server({ScriptedAnswer::with(200)});
  server.end_early(testing::EarlyEnd::k_reset_after_first_byte, 1);
  CurlTransport transport(trusting(""));
  bool sent = true;
  EXPECT_FALSE(transport.send(get("https", server.host()), {}, &sent));
  EXPECT_FALSE(sent);
}

TEST(CurlTls, LivesOnWhenAKeptConnectionIsCutOff) {
  TlsServer server("IP:127.0.0.1", 1);
  CurlTransport transport(trusting(server.certificate()));
  for (int i = 0; i < 5; ++i) {
    const auto answer = transport.send(get("https", server.host()), {});
    ASSERT_TRUE(answer) << one_line(answer.error());
  }
}

// Sets a variable of this process for as long as it lives. Nothing else runs meanwhile.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    setenv(name, value.c_str(), 1);
  }
  ~Variable() { unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

TEST(CurlProxy, GoesThroughTheProxyOfTheEnvironment) {
  ScriptedServer proxy({ScriptedAnswer::with(200, "by proxy")});
  const Variable variable("http_proxy", proxy.url());
  CurlTransport transport;
  const auto answer = transport.send(get("http", "store.example"), {});
  ASSERT_TRUE(answer) << one_line(answer.error());
  EXPECT_EQ(answer->body, "by proxy");
  EXPECT_EQ(proxy.requests().at(0).target, "http://store.example/key");
}

TEST(CurlProxy, TunnelsTlsAndKnowsWhenTheProxyRefuses) {
  ScriptedServer proxy(
      {ScriptedAnswer::with(403), ScriptedAnswer::nothing(ScriptedAnswer::Then::k_reset)});
  const Variable variable("HTTPS_PROXY", proxy.url());
  for (int i = 0; i < 2; ++i) {
    CurlTransport transport;
    bool sent = true;
    const auto answer = transport.send(get("https", "store.example"), {}, &sent);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::k_unavailable);
    EXPECT_FALSE(sent);
  }
  EXPECT_EQ(proxy.requests().at(0).method, "CONNECT");
  EXPECT_EQ(proxy.requests().at(0).target, "store.example:443");
}

TEST(CurlProxy, LeavesOutWhatNoProxyNames) {
  ScriptedServer proxy({ScriptedAnswer::with(200, "by proxy")});
  ScriptedServer server([](const auto&) { return ScriptedAnswer::with(200, "directly"); });
  const Variable variable("http_proxy", proxy.url());
  {
    const Variable no_proxy("NO_PROXY", "store.example,127.0.0.1");
    CurlTransport transport;
    EXPECT_EQ(transport.send(get("http", server.host()), {})->body, "directly");
  }
  CurlTransport direct({.ca_bundle = "", .proxy = CurlSettings::Proxy::k_none});
  EXPECT_EQ(direct.send(get("http", server.host()), {})->body, "directly");
  EXPECT_TRUE(proxy.requests().empty());
}

}  // namespace
}  // namespace runpin
