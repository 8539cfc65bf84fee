#include "runpin/adapters/aws/http.h"

#include <algorithm>

namespace runpin {
namespace {

bool is_unreserved(unsigned char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return {};
}

}  // namespace

const std::string& HttpResponse::header(const std::string& lower_case_name) const {
  static const std::string k_none;
  const auto found = headers.find(lower_case_name);
  return found == headers.end() ? k_none : found->second;
}

std::string percent_encode(ByteView text, bool keep_slash) {
  constexpr std::string_view k_digits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size());
  for (const unsigned char c : text) {
    if (is_unreserved(c) || (keep_slash && c == '/')) {
      encoded += static_cast<char>(c);
    } else {
      encoded += '%';
      encoded += k_digits[c >> 4];
      encoded += k_digits[c & 15];
    }
  }
  return encoded;
}

std::optional<std::string> percent_decode(ByteView text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return {};
    const auto high = hex_digit(text[i + 1]);
    const auto low = hex_digit(text[i + 2]);
    if (!high || !low) return {};
    decoded += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  return decoded;
}

std::string percent_encode_query(std::vector<std::pair<std::string, std::string>> query) {
  for (auto& [name, value] : query) {
    name = percent_encode(name, false);
    value = percent_encode(value, false);
  }
  std::sort(query.begin(), query.end());
  std::string text;
  for (const auto& [name, value] : query) {
    if (!text.empty()) text += '&';
    text.append(name).append("=").append(value);
  }
  return text;
}

std::string request_target(const HttpRequest& request) {
  const std::string query = percent_encode_query(request.query);
  std::string target = percent_encode(request.path, true);
  if (!query.empty()) target.append("?").append(query);
  return target;
}

}  // namespace runpin
