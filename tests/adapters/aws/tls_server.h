// An HTTPS server on a free loopback port, with a certificate of its own making that nobody vouches
// for but itself.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>

#include "tests/adapters/temp_dir.h"

namespace runpin::testing {

class TlsServer {
 public:
  // `name` is what its certificate is for: "IP:127.0.0.1", "DNS:other.example". Every connection
  // gets `answers` answers "200 hello", and is then cut off without a farewell.
  explicit TlsServer(const std::string& name, int answers = 1000);
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  std::string certificate() const { return directory_.path() / "certificate.pem"; }
  int requests() const { return requests_; }
  bool was_offered_http2() const { return http2_offered_; }

 private:
  void make_certificate(const std::string& name);
  void listen();
  void serve_all();
  void serve(int socket);

  static int on_protocols(SSL*, const unsigned char** chosen, unsigned char* length,
                          const unsigned char* offered, unsigned int offered_length, void* self);

  TempDir directory_;
  int answers_;
  SSL_CTX* context_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> requests_ = 0;
  std::atomic<int> current_ = -1;
  std::atomic<bool> http2_offered_ = false;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace runpin::testing
