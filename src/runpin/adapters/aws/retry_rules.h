// What an answer or an error means for trying again. Source: the AWS SDKs' standard retry mode,
// docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
#pragma once

#include <optional>

#include "runpin/adapters/aws/http.h"
#include "runpin/adapters/aws/service_error.h"
#include "runpin/base/instant.h"

namespace runpin {

// What the service says, read as XML or as JSON, whichever it is.
ServiceError service_error_of(const HttpResponse& response);
// The service's error code, from XML, JSON or the header; "" when the answer holds none.
std::string error_code_of(const HttpResponse& response);

// 429, 500, 502, 503, 504, and refusals because of too many requests, whatever their status.
bool is_transient(const HttpResponse& response);

// How far the server's clock is ahead of `now`, in seconds, when the answer is a refusal that a
// wrong clock explains; nothing otherwise.
std::optional<std::int64_t> clock_skew_of(const HttpResponse& response, const Instant& now);

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7).
std::optional<Instant> parse_http_date(std::string_view text);

}  // namespace runpin
