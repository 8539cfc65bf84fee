// Requests as they are signed and go over the wire. Lines: path, name and value of a query in turn
// up to an empty line, then the body.
#include "runpin/adapters/aws/signer.h"

#include <algorithm>

#include "fuzz/property.h"
#include "runpin/adapters/aws/s3_answers.h"
#include "runpin/adapters/aws/signer_steps.h"

namespace runpin::fuzz {
namespace {

HttpRequest request_from(std::string_view input) {
  HttpRequest request;
  request.host = "bucket.s3.eu-west-2.amazonaws.com";
  request.path = "/" + std::string(take_line(input));
  while (!input.empty()) {
    const std::string_view name = take_line(input);
    if (name.empty()) break;
    request.query.emplace_back(name, take_line(input));
  }
  request.body = input;
  return request;
}

bool is_wire_text(const std::string& text) {
  return text.find_first_not_of(
             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
             "-._~/%?&=") == std::string::npos;
}

void examine_signed(const HttpRequest& request, const std::string& service) {
  const AwsCredentials keys{"AKIDEXAMPLE", "wJalrXUtnFEMI", "", {}};
  const Instant now = *Instant::parse_rfc3339("2015-08-30T12:36:00Z");
  const SigningScope scope{"eu-west-2", service};
  const HttpRequest once = sign(request, keys, scope, now);
  const std::string& authorization = once.headers.at("authorization");
  must(authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-west-2/"),
       "a request is signed for its day, region");
  must(authorization.find(keys.secret_access_key) == std::string::npos, "no header holds the key");
  must(once.path == request.path && once.query == request.query && once.body == request.body,
       "signing changes nothing but headers");
  HttpRequest turned = request;
  std::reverse(turned.query.begin(), turned.query.end());
  must(sign(turned, keys, scope, now).headers.at("authorization") == authorization,
       "the order of a query does not matter");
  HttpRequest other = request;
  other.body += "x";
  must(sign(other, keys, scope, now).headers.at("authorization") != authorization,
       "another body has another signature");
}

}  // namespace

void examine(std::string_view input) {
  must(percent_decode(percent_encode(input, false)) == std::string(input), "encoding is undone");
  must(url_decode(percent_encode(input, true)) == std::string(input), "by the reader of S3's too");
  if (const auto decoded = percent_decode(input))
    must(percent_decode(percent_encode(*decoded, false)) == *decoded, "what is decoded encodes");
  const HttpRequest request = request_from(input);
  const std::string target = request_target(request);
  must(target.starts_with("/") && is_wire_text(target), "what goes over the wire is plain");
  const std::string normal = canonical_path(target.substr(0, target.find('?')), "states");
  must(normal.starts_with("/") && normal.find("//") == std::string::npos, "a path is normalised");
  examine_signed(request, "s3");
  examine_signed(request, "states");
}

}  // namespace runpin::fuzz
