#include "runpin/cli/context.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <cstdlib>
#include <ctime>
#include <stdexcept>
#include <utility>

#include "runpin/cli/read_file.h"

namespace runpin::cli {
namespace {

Instant clock_now() {
  return Instant::from_unix_seconds(std::time(nullptr));
}

std::string kernel_random_hex(std::size_t bytes) {
  std::string hex;
  for (std::size_t i = 0; i < bytes; ++i) {
    unsigned char byte = 0;
    if (getrandom(&byte, 1, 0) != 1) throw std::runtime_error("the kernel gives no random bytes");
    hex += fmt::format("{:02x}", byte);
  }
  return hex;
}

}  // namespace

std::optional<std::string> system_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

Context system_context(Output& output, std::string directory) {
  return {output,    std::move(directory), system_environment,
          clock_now, kernel_random_hex,    [] { return read_stream(stdin, "standard input"); }};
}

}  // namespace runpin::cli
