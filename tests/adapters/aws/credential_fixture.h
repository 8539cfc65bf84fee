// A credential chain over an outside and a web of plain data.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "runpin/adapters/aws/credential_chain.h"
#include "tests/adapters/aws/fake_outside.h"

namespace runpin::testing {

inline const std::string k_secret = "s3cr3t/That+is+never+told";

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

inline Bytes json_keys(const std::string& id, const char* token = "Token",
                       const std::string& expiration = "2026-02-23T23:43:07Z") {
  return R"({"Version": 1, "Code": "Success", "AccessKeyId": ")" + id +
         R"(", "SecretAccessKey": ")" + k_secret + R"(", ")" + token +
         R"(": "session", "Expiration": ")" + expiration + "\"}";
}

inline Bytes sts_keys(const std::string& action, const std::string& id) {
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
            [this](std::chrono::milliseconds pause) { clock += pause; }, [this] { return clock; },
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
    for (const std::string& line : log)
      EXPECT_THAT(line, ::testing::Not(::testing::HasSubstr(k_secret)));
  }

  FakeOutside fake;
  FakeWeb web;
  FakeWeb metadata;
  Instant now = *Instant::parse_stamp("20260223T174307Z");
  std::chrono::milliseconds clock{0};
  std::vector<std::string> log;
  std::optional<CredentialSearch> search;
  std::optional<CredentialChain> chain;
};

inline std::string keys_of(const std::string& section, const std::string& id) {
  return section + "\naws_access_key_id = " + id + "\naws_secret_access_key = " + k_secret + "\n";
}

}  // namespace runpin::testing
