#include "runpin/canon/digest.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <stdexcept>

namespace runpin {

Sha256 sha256(ByteView bytes) {
  // Looked up once: OpenSSL searches its providers at every one-shot call.
  static const EVP_MD* const k_algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, k_algorithm, nullptr) != 1)
    throw std::runtime_error("OpenSSL cannot compute SHA-256");
  constexpr std::string_view k_hex = "0123456789abcdef";
  std::string text;
  text.reserve(2 * digest.size());
  for (const unsigned char byte : digest) {
    text += k_hex[byte >> 4];
    text += k_hex[byte & 0xF];
  }
  return Sha256(std::move(text));
}

}  // namespace runpin
