// One request and its answer on one libcurl handle.
#pragma once

#include <memory>

#include "runpin/adapters/aws/curl_library.h"
#include "runpin/adapters/aws/curl_transport.h"

namespace runpin {

class CurlExchange {
 public:
  // Borrows all of them. REQUIRES: `request` can be put into HTTP.
  CurlExchange(const CurlLibrary& curl, CURL* handle, const HttpRequest& request,
               const HttpLimits& limits, const CurlSettings& settings);
  ~CurlExchange() { curl_.reset(handle_); }  // connections stay, pointers to this do not
  CurlExchange(const CurlExchange&) = delete;
  CurlExchange& operator=(const CurlExchange&) = delete;

  Result<HttpResponse> perform(bool* sent);

 private:
  void set_target();
  void set_limits();
  void set_trust();
  void set_method();
  void set_headers();
  bool certainly_not_sent(CURLcode code) const;
  long request_bytes() const;  // sent so far
  std::string stage() const;
  tl::unexpected<Error> broken(CURLcode code) const;
  HttpResponse answer();

  static std::size_t on_read(char* buffer, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* self);
  static int on_seek(void* self, curl_off_t offset, int origin);

  const CurlLibrary& curl_;
  CURL* handle_;
  const HttpRequest& request_;
  const HttpLimits& limits_;
  const CurlSettings& settings_;
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers_;
  std::size_t body_sent_ = 0;
  std::size_t header_bytes_ = 0;
  bool too_large_ = false;
  Bytes body_;
  char detail_[CURL_ERROR_SIZE] = "";
};

}  // namespace runpin
