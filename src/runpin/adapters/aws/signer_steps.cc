#include "runpin/adapters/aws/signer_steps.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <stdexcept>
#include <vector>

#include "runpin/canon/digest.h"

namespace runpin {
namespace {

constexpr std::string_view k_algorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view k_terminator = "aws4_request";

std::string hmac_sha256(std::string_view key, std::string_view text) {
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  if (!HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
            reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &length))
    throw std::runtime_error("OpenSSL offers no HMAC-SHA256");
  return {reinterpret_cast<const char*>(mac), length};
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view k_digits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text += k_digits[byte >> 4];
    text += k_digits[byte & 15];
  }
  return text;
}

std::vector<std::string_view> kept_segments(std::string_view path) {
  std::vector<std::string_view> kept;
  while (!path.empty()) {
    const auto slash = std::min(path.find('/'), path.size());
    const std::string_view segment = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
    if (segment == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (!segment.empty() && segment != ".") {
      kept.push_back(segment);
    }
  }
  return kept;
}

std::string normalized(std::string_view path) {
  std::string result;
  for (const std::string_view segment : kept_segments(path)) result.append("/").append(segment);
  if (result.empty() || path.ends_with('/')) result += '/';
  return result;
}

// Trimmed, and every run of blanks as one.
std::string canonical_value(std::string_view value) {
  std::string result;
  bool blank = false;
  for (const char c : value) {
    if (c == ' ' || c == '\t') {
      blank = !result.empty();
      continue;
    }
    if (blank) result += ' ';
    blank = false;
    result += c;
  }
  return result;
}

}  // namespace

std::string canonical_path(std::string_view wire_path, std::string_view service) {
  return service == "s3" ? std::string(wire_path) : percent_encode(normalized(wire_path), true);
}

std::string CanonicalRequest::signed_headers() const {
  std::string names;
  for (const auto& header : headers) {
    if (!names.empty()) names += ';';
    names += header.first;
  }
  return names;
}

std::string CanonicalRequest::text() const {
  std::string result = method + "\n" + path + "\n" + query + "\n";
  for (const auto& [name, value] : headers)
    result.append(name).append(":").append(canonical_value(value)).append("\n");
  return result + "\n" + signed_headers() + "\n" + payload_sha256;
}

std::string credential_scope(const SigningScope& scope, const Instant& now) {
  return now.stamp().substr(0, 8) + "/" + scope.region + "/" + scope.service + "/" +
         std::string(k_terminator);
}

std::string string_to_sign(const CanonicalRequest& request, const SigningScope& scope,
                           const Instant& now) {
  return std::string(k_algorithm) + "\n" + now.stamp() + "\n" + credential_scope(scope, now) +
         "\n" + sha256(request.text()).str();
}

std::string signature_of(std::string_view text_to_sign, std::string_view secret_access_key,
                         const SigningScope& scope, const Instant& now) {
  std::string key = hmac_sha256("AWS4" + std::string(secret_access_key), now.stamp().substr(0, 8));
  key = hmac_sha256(key, scope.region);
  key = hmac_sha256(key, scope.service);
  key = hmac_sha256(key, k_terminator);
  return hex(hmac_sha256(key, text_to_sign));
}

}  // namespace runpin
