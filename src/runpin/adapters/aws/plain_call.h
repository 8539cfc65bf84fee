// Calls that carry no AWS signature: metadata services, and STS with a web identity.
#pragma once

#include "runpin/adapters/aws/aws_client.h"

namespace runpin {

struct PlainCall {
  HttpRequest request;
  HttpLimits limits;
  RetryPolicy policy;
};

// Sends, and tries again what may pass: no answer, 429, 5xx and throttling. The last answer of any
// other status. Errors: k_unavailable.
Result<HttpResponse> call_plainly(HttpTransport& transport, const RetryWorld& world,
                                  const PlainCall& call);

// A request for "http://host:80/path?query". k_config when `url` is none; it is not repeated.
Result<HttpRequest> request_for(const std::string& url, const std::string& where);

}  // namespace runpin
