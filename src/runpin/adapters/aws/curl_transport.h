// HTTP over libcurl: kept connections, HTTP/2 where a TLS server offers it, TLS 1.2 or later and
// always verified. Proxies come from the process environment by libcurl's own rules.
#pragma once

#include <memory>
#include <string>

#include "runpin/adapters/aws/http.h"

namespace runpin {

struct CurlSettings {
  enum class Proxy { k_from_environment, k_none };

  std::string ca_bundle;  // AWS_CA_BUNDLE: a PEM file; "" for the system's
  Proxy proxy = Proxy::k_from_environment;
};

// Safe to call from several threads. A request that may change something goes over the wire once
// at most: libcurl's own repetition on a kept connection that broke is left to GET and HEAD.
class CurlTransport : public HttpTransport {
 public:
  explicit CurlTransport(CurlSettings settings = {});
  ~CurlTransport() override;

  // Besides HttpTransport's errors: k_config for a request that cannot be put into HTTP (a host
  // that is none, a line break in a header). Redirects are answers like any other.
  Result<HttpResponse> send(const HttpRequest& request, const HttpLimits& limits,
                            bool* sent = nullptr) override;

 private:
  class Pool;
  CurlSettings settings_;
  std::unique_ptr<Pool> pool_;
};

}  // namespace runpin
