// A service whose listings never end: each page names another one.
#pragma once

#include <functional>

#include "runpin/adapters/aws/http.h"

namespace runpin::testing {

class EndlessPages final : public HttpTransport {
 public:
  // `page(token)` is a body that names `token` as the next page: a fresh one each time, or A and B
  // in turn.
  EndlessPages(bool fresh, std::function<std::string(const std::string& token)> page)
      : fresh_(fresh), page_(std::move(page)) {}

  Result<HttpResponse> send(const HttpRequest&, const HttpLimits&, bool* sent) override {
    if (sent) *sent = true;
    ++asked_;
    return HttpResponse{200,
                        {},
                        page_(fresh_            ? "t" + std::to_string(asked_)
                              : asked_ % 2 == 1 ? "A"
                                                : "B")};
  }

 private:
  bool fresh_;
  std::function<std::string(const std::string&)> page_;
  std::size_t asked_ = 0;
};

}  // namespace runpin::testing
