#include <cstddef>
#include <cstdint>

#include "fuzz/property.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  runpin::fuzz::examine({reinterpret_cast<const char*>(data), size});
  return 0;
}
