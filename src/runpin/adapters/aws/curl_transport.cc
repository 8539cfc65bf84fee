#include "runpin/adapters/aws/curl_transport.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "runpin/adapters/aws/curl_exchange.h"

namespace runpin {
namespace {

struct Cleanup {
  void operator()(CURL* handle) const { CurlLibrary::get()->cleanup(handle); }
};
using Handle = std::unique_ptr<CURL, Cleanup>;

bool is_token(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c > ' ' && c < 127 &&
           std::string_view("()<>@,;:\\\"/[]?={}").find(c) == std::string_view::npos;
  });
}

bool is_authority(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(".-_:[]").find(c) != std::string_view::npos;
  });
}

bool is_one_line(const std::string& text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos;
}

Result<void> check(const HttpRequest& request) {
  const auto refuse = [&](std::string what) {
    return fail(ErrorKind::k_config, std::move(what), "", "check the endpoint and the credentials");
  };
  if (request.scheme != "https" && request.scheme != "http")
    return refuse(fmt::format("'{}' is neither http nor https", request.scheme));
  if (!is_authority(request.host)) return refuse(fmt::format("'{}' is no host", request.host));
  if (!request.path.starts_with('/')) return refuse("the path of a request begins with '/'");
  if (!is_token(request.method)) return refuse(fmt::format("'{}' is no method", request.method));
  for (const auto& [name, value] : request.headers)
    if (!is_token(name) || !is_one_line(value))
      return refuse(fmt::format("the value for header '{}' cannot stand in one", name));
  return {};
}

}  // namespace

// Idle handles with the origin that each has a connection to, so that the next request to it finds
// one.
class CurlTransport::Pool {
 public:
  Handle take(const std::string& origin) {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(idle_.rbegin(), idle_.rend(),
                                    [&](const auto& entry) { return entry.first == origin; });
    if (found == idle_.rend()) return Handle(CurlLibrary::get()->init());
    Handle handle = std::move(found->second);
    idle_.erase(std::next(found).base());
    return handle;
  }
  void give_back(const std::string& origin, Handle handle) {
    const std::lock_guard lock(mutex_);
    idle_.emplace_back(origin, std::move(handle));
  }

 private:
  std::mutex mutex_;
  std::vector<std::pair<std::string, Handle>> idle_;
};

CurlTransport::CurlTransport(CurlSettings settings)
    : settings_(std::move(settings)), pool_(std::make_unique<Pool>()) {}

CurlTransport::~CurlTransport() = default;

Result<HttpResponse> CurlTransport::send(const HttpRequest& request, const HttpLimits& limits,
                                         bool* sent) {
  if (sent) *sent = false;
  if (auto good = check(request); !good) return tl::unexpected(good.error());
  const std::string origin = request.scheme + "://" + request.host;
  const CurlLibrary* curl = CurlLibrary::get();
  Handle handle = curl ? pool_->take(origin) : nullptr;
  if (!handle)
    return fail(ErrorKind::k_unavailable, "libcurl (libcurl.so.4) cannot be loaded", "",
                "install it: apt-get install libcurl4");
  auto answer = CurlExchange(*curl, handle.get(), request, limits, settings_).perform(sent);
  pool_->give_back(origin, std::move(handle));
  return answer;
}

}  // namespace runpin
