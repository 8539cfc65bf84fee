#include "runpin/adapters/aws/service_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>

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

// An error code as services write them; anything else is not repeated in messages.
std::string plain_code(std::string_view text) {
  constexpr std::size_t k_longest = 64;
  const bool plain = !text.empty() && text.size() <= k_longest &&
                     std::all_of(text.begin(), text.end(), [](char c) {
                       return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                              (c >= '0' && c <= '9') || c == '.' || c == '_';
                     });
  return plain ? std::string(text) : std::string();
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
  return {plain_code(error.child_value("Code")), error.child_value("Message"),
          error.child_value("Region")};
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
  return {plain_code(code), message.empty() ? said["Message"].text() : message, ""};
}

Error error_of(const Asked& asked, int status, const ServiceError& said) {
  const bool unavailable = is_unavailable(status, said.code);
  const ErrorKind kind = unavailable     ? ErrorKind::k_unavailable
                         : status == 404 ? ErrorKind::k_not_found
                                         : ErrorKind::k_denied;
  const std::string answer = said.code.empty() ? fmt::format("HTTP {}", status)
                                               : fmt::format("{} (HTTP {})", said.code, status);
  return {kind, fmt::format("{} answered {} with {}", asked.service, asked.operation, answer),
          asked.target, fix_for(asked, status, said.code, unavailable)};
}

Error malformed_answer(const Asked& asked, const std::string& flaw) {
  return {ErrorKind::k_malformed,
          fmt::format("{}'s answer to {} cannot be used: {}", asked.service, asked.operation, flaw),
          asked.target, "check that the endpoint is the service, and not a proxy's page"};
}

}  // namespace runpin
