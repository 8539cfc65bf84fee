#include "runpin/lanes/shown_text.h"

#include <fmt/format.h>

#include "runpin/gate/secret_scan.h"

namespace runpin {
namespace {

constexpr std::size_t k_longest = 200;

}  // namespace

std::string shown_text(std::string_view text) {
  const auto secrets = scan_secrets(text);
  if (!secrets.empty()) return fmt::format("[withheld: {}]", secrets.front().rule);
  if (text.size() <= k_longest) return std::string(text);
  std::size_t end = k_longest;
  while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // not within a character
  return fmt::format("{}… (cut: {} bytes)", text.substr(0, end), text.size());
}

}  // namespace runpin
