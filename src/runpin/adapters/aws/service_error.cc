#include "runpin/adapters/aws/service_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>

#include "runpin/base/ascii.h"
#include "runpin/canon/json_reader.h"

namespace runpin {
namespace {

struct Remedy {
  std::string_view code;
  std::string_view fix;
};

constexpr std::string_view k_other_key =
    "use credentials of the account that owns it; `runpin -v` says where they were found";
constexpr std::string_view k_renew = "renew the credentials, for example with `aws sso login`";
constexpr std::string_view k_clock = "set this machine's clock";
constexpr std::string_view k_secret =
    "check the secret access key, and that no proxy changes requests";

constexpr Remedy k_remedies[] = {
    {"ExpiredToken", k_renew},
    {"ExpiredTokenException", k_renew},
    {"TokenRefreshRequired", k_renew},
    {"RequestExpired", k_clock},
    {"RequestTimeTooSkewed", k_clock},
    {"SignatureDoesNotMatch", k_secret},
    {"InvalidSignatureException", k_secret},
    {"InvalidAccessKeyId", k_other_key},
    {"InvalidClientTokenId", k_other_key},
    {"InvalidToken", k_other_key},
    {"UnrecognizedClientException", k_other_key},
    {"NoSuchBucket", "create the bucket, or pin the bucket that exists (docs/aws.md)"},
    {"NotImplemented", "use a store that knows conditional writes; `runpin probe-store` tells"},
};

constexpr std::string_view k_throttled[] = {"SlowDown",
                                            "Throttling",
                                            "ThrottlingException",
                                            "TooManyRequestsException",
                                            "LimitExceeded",
                                            "LimitExceededException",
                                            "RequestLimitExceeded",
                                            "ServiceUnavailable",
                                            "InternalError",
                                            "InternalFailure",
                                            "RequestTimeout",
                                            "BandwidthLimitExceeded"};

// Takes the leading characters that `is` holds of off `text`, and counts them.
std::size_t take_while(std::string_view& text, bool (*is)(char)) {
  const auto end = std::find_if_not(text.begin(), text.end(), is);
  const auto count = static_cast<std::size_t>(end - text.begin());
  text.remove_prefix(count);
  return count;
}

// CamelCase as AWS's codes have it: words of a capital and small letters, at most one abbreviation
// ("EC2ThrottledException", "MalformedXML") with at most three digits. A key has capitals and
// digits in more places.
bool is_camel_case(std::string_view text) {
  constexpr std::size_t k_longest_word = 16, k_longest_abbreviation = 6, k_most_digits = 3;
  std::size_t abbreviations = 0, words = 0;
  while (!text.empty()) {
    const std::size_t capitals = take_while(text, is_upper);
    const std::size_t digits = take_while(text, is_digit);
    const std::size_t small = take_while(text, is_lower);
    if (capitals == 0 || capitals > k_longest_abbreviation || digits > k_most_digits ||
        (digits > 0 && small > 0) || small > k_longest_word || capitals + small + digits < 2)
      return false;
    if (capitals > 1 || digits > 0) ++abbreviations;
    if (small > 0) ++words;
  }
  return words > 0 && abbreviations <= 1;
}

// An error code in the form of AWS's own, "KMS.DisabledException" among them; anything else is not
// repeated in messages.
std::string plain_code(std::string_view text) {
  constexpr std::size_t k_longest = 48;
  if (text.empty() || text.size() > k_longest) return {};
  std::string_view name = text;
  if (text.starts_with("KMS.")) name.remove_prefix(4);
  return is_camel_case(name) ? std::string(text) : std::string();
}

ServiceError make_error(std::string_view code, std::string message, std::string region) {
  ServiceError made{plain_code(code), std::move(message), std::move(region)};
  made.has_odd_code = !code.empty() && made.code.empty();
  return made;
}

bool is_unavailable(int status, const std::string& code) {
  return (status >= 500 && status != 501) || status == 429 || status == 408 ||
         std::find(std::begin(k_throttled), std::end(k_throttled), code) != std::end(k_throttled);
}

std::string fix_for(const Asked& asked, int status, const std::string& code, bool unavailable) {
  for (const Remedy& remedy : k_remedies)
    if (remedy.code == code) return std::string(remedy.fix);
  if (unavailable) return "try again later";
  if (status == 401 || status == 403)
    return fmt::format("allow {} for the credentials in use (docs/aws.md)", asked.permission);
  return "";
}

}  // namespace

ServiceError xml_error(const HttpResponse& response) {
  pugi::xml_document document;
  if (!document.load_buffer(response.body.data(), response.body.size())) return {};
  pugi::xml_node error = document.child("Error");
  if (!error) error = document.child("ErrorResponse").child("Error");
  return make_error(error.child_value("Code"), error.child_value("Message"),
                    error.child_value("Region"));
}

ServiceError json_error(const HttpResponse& response) {
  const auto body = read_json(response.body, "answer");
  std::string code = body ? (*body)["__type"].text() : "";
  if (code.empty()) code = response.header("x-amzn-errortype");
  code = code.substr(0, code.find(':'));
  code = code.substr(code.rfind('#') + 1);
  const Json none;
  const Json& said = body ? *body : none;
  const std::string& message = said["message"].text();
  return make_error(code, message.empty() ? said["Message"].text() : message, "");
}

std::string shown_answer(int status, const ServiceError& said) {
  if (said.has_odd_code) return fmt::format("an unknown error code (HTTP {})", status);
  if (said.code.empty()) return fmt::format("HTTP {}", status);
  return fmt::format("{} (HTTP {})", said.code, status);
}

Error error_of(const Asked& asked, int status, const ServiceError& said) {
  const bool unavailable = is_unavailable(status, said.code);
  const ErrorKind kind = unavailable     ? ErrorKind::k_unavailable
                         : status == 404 ? ErrorKind::k_not_found
                                         : ErrorKind::k_denied;
  return {kind,
          fmt::format("{} answered {} with {}", asked.service, asked.operation,
                      shown_answer(status, said)),
          asked.target, fix_for(asked, status, said.code, unavailable)};
}

Error malformed_answer(const Asked& asked, const std::string& flaw) {
  return {ErrorKind::k_malformed,
          fmt::format("{}'s answer to {} cannot be used: {}", asked.service, asked.operation, flaw),
          asked.target, "check that the endpoint is the service, and not a proxy's page"};
}

}  // namespace runpin
