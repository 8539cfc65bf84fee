#include "runpin/adapters/aws/retry_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace runpin {
namespace {

// Clocks may differ by five minutes before a signature is refused; below four, the clock is not
// the reason.
constexpr std::int64_t k_harmless_skew_seconds = 240;

constexpr std::array<std::string_view, 16> k_throttled{
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "TransactionInProgressException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "RequestThrottled",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
    "RequestTimeout",
    "RequestTimeoutException",
};

constexpr std::array<std::string_view, 3> k_wrong_clock{"RequestTimeTooSkewed", "RequestExpired",
                                                        "RequestInTheFuture"};
constexpr std::array<std::string_view, 4> k_maybe_wrong_clock{
    "InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure", ""};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& codes, std::string_view code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

}  // namespace

ServiceError service_error_of(const HttpResponse& response) {
  const bool xml = response.body.find_first_not_of(" \t\r\n") != std::string::npos &&
                   response.body[response.body.find_first_not_of(" \t\r\n")] == '<';
  return xml ? xml_error(response) : json_error(response);
}

std::string error_code_of(const HttpResponse& response) {
  return service_error_of(response).code;
}

bool is_transient(const HttpResponse& response) {
  constexpr std::array k_statuses{429, 500, 502, 503, 504};
  if (std::find(k_statuses.begin(), k_statuses.end(), response.status) != k_statuses.end())
    return true;
  return response.status >= 400 && is_one_of(k_throttled, error_code_of(response));
}

std::optional<Instant> parse_http_date(std::string_view text) {
  constexpr std::string_view k_shape = "Sun, 06 Nov 1994 08:49:37 GMT";
  constexpr std::string_view k_months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != k_shape.size() || !text.ends_with(" GMT")) return {};
  const auto month = k_months.find(text.substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0) return {};
  const auto instant = Instant::parse_rfc3339(fmt::format(
      "{}-{:02}-{}T{}Z", text.substr(12, 4), month / 3 + 1, text.substr(5, 2), text.substr(17, 8)));
  return instant ? std::optional(*instant) : std::nullopt;
}

std::optional<std::int64_t> clock_skew_of(const HttpResponse& response, const Instant& now) {
  if (response.status < 400 || response.status >= 500) return {};
  const auto there = parse_http_date(response.header("date"));
  if (!there) return {};
  const std::int64_t skew = there->unix_seconds() - now.unix_seconds();
  const std::string code = error_code_of(response);
  if (is_one_of(k_wrong_clock, code)) return skew;
  const bool refused = response.status == 401 || response.status == 403 || !code.empty();
  const bool far = skew > k_harmless_skew_seconds || skew < -k_harmless_skew_seconds;
  return refused && far && is_one_of(k_maybe_wrong_clock, code) ? std::optional(skew)
                                                                : std::nullopt;
}

}  // namespace runpin
