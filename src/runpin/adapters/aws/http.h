// HTTP as values: requests and answers that can be made, signed, parsed and compared without a
// socket. One transport sends them.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runpin/base/bytes.h"
#include "runpin/base/result.h"

namespace runpin {

// Everything here is plain text: percent-encoding is the signer's and the transport's business, by
// the same function.
struct HttpRequest {
  std::string method = "GET";
  std::string scheme = "https";
  std::string host;  // "bucket.s3.eu-west-2.amazonaws.com", with ":port" where not the scheme's own
  std::string path = "/";  // UTF-8, not percent-encoded: "/evidence/a b"
  std::vector<std::pair<std::string, std::string>> query;  // not percent-encoded, in any order
  std::map<std::string, std::string> headers;              // by lower-case name
  Bytes body;
};

struct HttpResponse {
  int status = 0;
  std::map<std::string, std::string>
      headers;  // by lower-case name; the last value of a repeated one
  Bytes body;

  // The header's value, or "" when there is none.
  const std::string& header(const std::string& lower_case_name) const;
};

// RFC 3986 percent-encoding of everything but unreserved characters; `keep_slash` for paths.
std::string percent_encode(ByteView text, bool keep_slash);

// The inverse of percent_encode(); nothing for a '%' without two hex digits.
std::optional<std::string> percent_decode(ByteView text);

// Encoded and then sorted by name and value, as signatures want it: "list-type=2&prefix=x".
std::string percent_encode_query(std::vector<std::pair<std::string, std::string>> query);

// The path and query as they go over the wire: "/evidence/a%20b?list-type=2&prefix=x".
std::string request_target(const HttpRequest& request);

struct HttpLimits {
  std::chrono::milliseconds connect{3000};
  std::chrono::milliseconds total{10000};
  std::size_t max_answer_bytes = 64u << 20;
};

// Sends one request once. An answer of any status is a value. Errors: k_unavailable (no connection,
// reset, cut off, deadline, more bytes than allowed); `message` says at which stage it broke,
// without headers or bodies. `*sent`, when given, is false only when it is certain that the server
// cannot have acted on the request.
class HttpTransport {
 public:
  virtual ~HttpTransport() = default;
  virtual Result<HttpResponse> send(const HttpRequest& request, const HttpLimits& limits,
                                    bool* sent = nullptr) = 0;
};

}  // namespace runpin
