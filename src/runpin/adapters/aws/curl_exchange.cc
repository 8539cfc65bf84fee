#include "runpin/adapters/aws/curl_exchange.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "runpin/adapters/aws/sigpipe_blocked.h"

namespace runpin {
namespace {

constexpr std::size_t k_max_header_bytes = 256u << 10;
// Servers drop idle connections after some seconds; a request on one that is just being dropped
// would be in doubt.
constexpr long k_max_idle_seconds = 10;

bool is_trust_failure(CURLcode code) {
  return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
         code == CURLE_SSL_ISSUER_ERROR;
}

curl_off_t info(const CurlLibrary& curl, CURL* handle, CURLINFO what) {
  curl_off_t value = 0;
  curl.getinfo(handle, what, &value);
  return value;
}

}  // namespace

CurlExchange::CurlExchange(const CurlLibrary& curl, CURL* handle, const HttpRequest& request,
                           const HttpLimits& limits, const CurlSettings& settings)
    : curl_(curl),
      handle_(handle),
      request_(request),
      limits_(limits),
      settings_(settings),
      headers_(nullptr, curl.slist_free_all) {
  curl_.setopt(handle_, CURLOPT_ERRORBUFFER, detail_);
  set_target();
  set_limits();
  set_trust();
  set_method();
  set_headers();
}

void CurlExchange::set_target() {
  const std::string url = request_.scheme + "://" + request_.host + request_target(request_);
  curl_.setopt(handle_, CURLOPT_URL, url.c_str());
  curl_.setopt(handle_, CURLOPT_PATH_AS_IS, 1L);
  curl_.setopt(handle_, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_.setopt(handle_, CURLOPT_FOLLOWLOCATION, 0L);
  curl_.setopt(handle_, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS);
  curl_.setopt(handle_, CURLOPT_HTTP09_ALLOWED, 0L);
  if (settings_.proxy == CurlSettings::Proxy::k_none) curl_.setopt(handle_, CURLOPT_PROXY, "");
}

void CurlExchange::set_limits() {
  const auto at_least_one = [](std::chrono::milliseconds time) {
    return std::max<long>(1, static_cast<long>(time.count()));  // 0 would mean none
  };
  curl_.setopt(handle_, CURLOPT_NOSIGNAL, 1L);
  curl_.setopt(handle_, CURLOPT_CONNECTTIMEOUT_MS, at_least_one(limits_.connect));
  curl_.setopt(handle_, CURLOPT_TIMEOUT_MS, at_least_one(limits_.total));
  curl_.setopt(handle_, CURLOPT_MAXAGE_CONN, k_max_idle_seconds);
  curl_.setopt(handle_, CURLOPT_TCP_NODELAY, 1L);
  curl_.setopt(handle_, CURLOPT_WRITEFUNCTION, &on_body);
  curl_.setopt(handle_, CURLOPT_WRITEDATA, this);
  curl_.setopt(handle_, CURLOPT_HEADERFUNCTION, &on_header);
  curl_.setopt(handle_, CURLOPT_HEADERDATA, this);
  curl_.setopt(handle_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

void CurlExchange::set_trust() {
  curl_.setopt(handle_, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_.setopt(handle_, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_.setopt(handle_, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!settings_.ca_bundle.empty())
    curl_.setopt(handle_, CURLOPT_CAINFO, settings_.ca_bundle.c_str());
}

// A body goes through a reader that cannot be rewound, so that libcurl never sends it twice.
void CurlExchange::set_method() {
  if (request_.method == "HEAD") {
    curl_.setopt(handle_, CURLOPT_NOBODY, 1L);
    return;
  }
  if (request_.method == "GET" && request_.body.empty()) return;
  curl_.setopt(handle_, CURLOPT_UPLOAD, 1L);
  curl_.setopt(handle_, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  curl_.setopt(handle_, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
  curl_.setopt(handle_, CURLOPT_READFUNCTION, &on_read);
  curl_.setopt(handle_, CURLOPT_READDATA, this);
  curl_.setopt(handle_, CURLOPT_SEEKFUNCTION, &on_seek);
  curl_.setopt(handle_, CURLOPT_SEEKDATA, this);
  // Without a body nothing would keep libcurl from repeating it on a kept connection that broke.
  if (request_.body.empty()) curl_.setopt(handle_, CURLOPT_FRESH_CONNECT, 1L);
}

void CurlExchange::set_headers() {
  const auto add = [&](const std::string& line) {
    if (curl_slist* longer = curl_.slist_append(headers_.get(), line.c_str())) {
      static_cast<void>(headers_.release());
      headers_.reset(longer);
    }
  };
  add("Expect:");  // no waiting for "100 Continue"
  if (!request_.headers.contains("user-agent")) add("user-agent: runpin");
  for (const auto& [name, value] : request_.headers)
    if (name != "content-length") add(value.empty() ? name + ";" : name + ": " + value);
  curl_.setopt(handle_, CURLOPT_HTTPHEADER, headers_.get());
}

std::size_t CurlExchange::on_read(char* buffer, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<CurlExchange*>(self);
  const Bytes& body = exchange.request_.body;
  const std::size_t length = std::min(size * count, body.size() - exchange.body_sent_);
  std::memcpy(buffer, body.data() + exchange.body_sent_, length);
  exchange.body_sent_ += length;
  return length;
}

int CurlExchange::on_seek(void* self, curl_off_t offset, int origin) {
  const bool nothing_read = static_cast<CurlExchange*>(self)->body_sent_ == 0;
  return nothing_read && offset == 0 && origin == SEEK_SET ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

std::size_t CurlExchange::on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<CurlExchange*>(self);
  if (size * count > exchange.limits_.max_answer_bytes - exchange.body_.size()) {
    exchange.too_large_ = true;
    return 0;
  }
  exchange.body_.append(bytes, size * count);
  return size * count;
}

std::size_t CurlExchange::on_header(char*, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<CurlExchange*>(self);
  exchange.header_bytes_ += size * count;
  exchange.too_large_ = exchange.too_large_ || exchange.header_bytes_ > k_max_header_bytes;
  return exchange.too_large_ ? 0 : size * count;
}

bool CurlExchange::certainly_not_sent(CURLcode code) const {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_PROXY:
      return true;
    default:
      break;
  }
  long new_connections = 0;
  curl_.getinfo(handle_, CURLINFO_NUM_CONNECTS, &new_connections);
  const bool tls_never_stood = request_.scheme == "https" && new_connections > 0 &&
                               info(curl_, handle_, CURLINFO_APPCONNECT_TIME_T) == 0;
  return tls_never_stood || request_bytes() == 0;
}

long CurlExchange::request_bytes() const {
  long bytes = 0;
  curl_.getinfo(handle_, CURLINFO_REQUEST_SIZE, &bytes);
  return bytes;
}

std::string CurlExchange::stage() const {
  if (header_bytes_ > 0) return "while the answer was read";
  if (request_bytes() > 0)
    return body_sent_ < request_.body.size() ? "while the request was sent"
                                             : "before an answer came";
  const bool connected = info(curl_, handle_, CURLINFO_CONNECT_TIME_T) > 0;
  if (connected) return request_.scheme == "https" ? "in the TLS handshake" : "before it was sent";
  return info(curl_, handle_, CURLINFO_NAMELOOKUP_TIME_T) > 0 ? "while connecting"
                                                              : "while the name was resolved";
}

tl::unexpected<Error> CurlExchange::broken(CURLcode code) const {
  if (too_large_)
    return fail(ErrorKind::k_unavailable,
                fmt::format("the answer is larger than {} bytes", limits_.max_answer_bytes),
                request_.host);
  if (is_trust_failure(code))
    return fail(ErrorKind::k_unavailable,
                fmt::format("the server's TLS certificate is not trusted: {}",
                            *detail_ ? detail_ : curl_.strerror(code)),
                request_.host,
                "check the endpoint; where a proxy or a private authority signs certificates, set "
                "AWS_CA_BUNDLE to its PEM file");
  if (code == CURLE_OPERATION_TIMEDOUT)
    return fail(ErrorKind::k_unavailable, fmt::format("the deadline passed {}", stage()),
                request_.host, "check the network and the endpoint");
  return fail(ErrorKind::k_unavailable,
              fmt::format("the exchange broke {}: {}", stage(), curl_.strerror(code)),
              request_.host, "check the network and the endpoint");
}

HttpResponse CurlExchange::answer() {
  HttpResponse response;
  long status = 0;
  curl_.getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
  response.status = static_cast<int>(status);
  curl_header* header = nullptr;
  while ((header = curl_.nextheader(handle_, CURLH_HEADER, -1, header))) {
    std::string name = header->name;
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    response.headers[name] = header->value;
  }
  response.body = std::move(body_);
  return response;
}

Result<HttpResponse> CurlExchange::perform(bool* sent) {
  const SigpipeBlocked blocked;
  const CURLcode code = curl_.perform(handle_);
  if (sent) *sent = code == CURLE_OK || !certainly_not_sent(code);
  if (code != CURLE_OK) return broken(code);
  return answer();
}

}  // namespace runpin
