#include "runpin/canon/digest.h"

#include <openssl/sha.h>

#include <array>

namespace runpin {

Sha256 sha256(ByteView bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
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
