#include "tests/adapters/aws/tls_server.h"

#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <memory>
#include <stdexcept>

namespace runpin::testing {
namespace {

template <auto Free>
struct With {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, With<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, With<X509_free>>;

void add_extension(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, With<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  X509_add_ext(certificate, extension.get(), -1);
}

Certificate self_signed(EVP_PKEY* key, const std::string& name) {
  constexpr long k_a_day = 86400;
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -k_a_day);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), k_a_day);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("runpin test"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), subject);
  add_extension(certificate.get(), NID_subject_alt_name, name);
  add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  if (!X509_sign(certificate.get(), key, EVP_sha256()))
    throw std::runtime_error("no certificate can be made");
  return certificate;
}

}  // namespace

TlsServer::TlsServer(const std::string& name, int answers)
    : answers_(answers), context_(SSL_CTX_new(TLS_server_method())) {
  make_certificate(name);
  SSL_CTX_set_alpn_select_cb(context_, &on_protocols, this);
  listen();
  thread_ = std::thread([this] { serve_all(); });
}

TlsServer::~TlsServer() {
  stopping_ = true;
  shutdown(listener_, SHUT_RDWR);
  shutdown(current_, SHUT_RDWR);
  thread_.join();
  close(listener_);
  SSL_CTX_free(context_);
}

void TlsServer::make_certificate(const std::string& name) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate = self_signed(key.get(), name);
  SSL_CTX_use_certificate(context_, certificate.get());
  SSL_CTX_use_PrivateKey(context_, key.get());
  std::FILE* file = std::fopen(this->certificate().c_str(), "w");
  PEM_write_X509(file, certificate.get());
  std::fclose(file);
}

void TlsServer::listen() {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, generic, length) != 0 || ::listen(listener_, 8) != 0 ||
      getsockname(listener_, generic, &length) != 0)
    throw std::runtime_error("no loopback port");
  port_ = ntohs(address.sin_port);
}

int TlsServer::on_protocols(SSL*, const unsigned char** chosen, unsigned char* length,
                            const unsigned char* offered, unsigned int offered_length, void* self) {
  const std::string list(reinterpret_cast<const char*>(offered), offered_length);
  static_cast<TlsServer*>(self)->http2_offered_ = list.find("\x02h2") != std::string::npos;
  static const unsigned char k_http1[] = "http/1.1";
  *chosen = k_http1;
  *length = sizeof k_http1 - 1;
  return SSL_TLSEXT_ERR_OK;
}

void TlsServer::serve_all() {
  sigset_t broken_pipes;  // of this thread, which writes to clients that are gone
  sigemptyset(&broken_pipes);
  sigaddset(&broken_pipes, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken_pipes, nullptr);
  while (!stopping_) {
    const int socket_fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket_fd == -1) continue;
    current_ = socket_fd;
    if (!stopping_) serve(socket_fd);
    current_ = -1;
    close(socket_fd);
  }
}

void TlsServer::serve(int socket_fd) {
  const std::unique_ptr<SSL, With<SSL_free>> tls(SSL_new(context_));
  SSL_set_fd(tls.get(), socket_fd);
  if (SSL_accept(tls.get()) != 1) return;
  constexpr std::string_view k_answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  std::string unread;
  for (int i = 0; i < answers_; ++i) {
    char buffer[4096];
    while (unread.find("\r\n\r\n") == std::string::npos) {
      const int length = SSL_read(tls.get(), buffer, sizeof buffer);
      if (length <= 0) return;
      unread.append(buffer, static_cast<std::size_t>(length));
    }
    unread.clear();
    ++requests_;
    SSL_write(tls.get(), k_answer.data(), static_cast<int>(k_answer.size()));
  }
}

}  // namespace runpin::testing
