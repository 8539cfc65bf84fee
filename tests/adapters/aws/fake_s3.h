// S3 as a transport that keeps its objects in memory, with faults where a test wants them.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "runpin/adapters/aws/http.h"

namespace runpin::testing {

class FakeS3 final : public HttpTransport {
 public:
  // Decides about a request before it is acted on: an answer or error instead, or nothing. Called
  // under a lock.
  using Before = std::function<std::optional<Result<HttpResponse>>(const HttpRequest&)>;
  // May replace what a request that was acted on is answered.
  using After = std::function<std::optional<Result<HttpResponse>>(const HttpRequest&)>;

  Result<HttpResponse> send(const HttpRequest& request, const HttpLimits&, bool* sent) override {
    const std::lock_guard lock(mutex);
    if (sent) *sent = true;
    requests.push_back(request);
    if (before)
      if (auto instead = before(request)) return *std::move(instead);
    HttpResponse answer = act(request);
    if (after)
      if (auto instead = after(request)) return *std::move(instead);
    return answer;
  }

  std::size_t count(const std::string& method) const {
    std::size_t number = 0;
    for (const HttpRequest& request : requests) number += request.method == method ? 1 : 0;
    return number;
  }

  std::mutex mutex;
  std::map<std::string, std::string> objects;  // by path: "/bucket/key"
  std::vector<HttpRequest> requests;
  Before before;
  After after;

 private:
  HttpResponse act(const HttpRequest& request) {
    const auto standing = objects.find(request.path);
    const bool there = standing != objects.end();
    if (request.path == "/evidence") return {200, {}, ""};
    if (request.method == "PUT") {
      const auto condition = request.headers.find("if-none-match");
      if (there && condition != request.headers.end()) return error(412, "PreconditionFailed");
      objects[request.path] = request.body;
      return {200, {{"etag", "\"e\""}}, ""};
    }
    if (!there)
      return request.method == "HEAD" ? HttpResponse{404, {}, ""} : error(404, "NoSuchKey");
    const std::string size = std::to_string(standing->second.size());
    return {200,
            {{"etag", "\"e\""}, {"content-length", size}},
            request.method == "HEAD" ? "" : standing->second};
  }

 public:
  static HttpResponse error(int status, const std::string& code, const std::string& more = "") {
    return {
        status, {}, "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code>" + more + "</Error>"};
  }
};

}  // namespace runpin::testing
