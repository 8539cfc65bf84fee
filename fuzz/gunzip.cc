// gzip as it is unpacked: any bytes, and any text that was packed.
#include "runpin/adapters/focus/gunzip.h"

#include "fuzz/gzipped.h"
#include "fuzz/property.h"

namespace runpin::fuzz {

void examine(std::string_view input) {
  constexpr std::size_t k_most = 1u << 20;
  if (const auto text = gunzip(input, "a.gz", k_most)) {
    must(is_gzip(input), "what unpacks begins as gzip does");
    must(text->size() <= k_most, "no more is unpacked than is allowed");
    must(gunzip(gzipped(*text), "a.gz", k_most) == *text, "what was unpacked packs again");
  } else {
    must(text.error().kind == ErrorKind::k_malformed, "what does not unpack is malformed");
    must_explain(text.error(), input, "a.gz");
  }
  const Bytes packed = gzipped(input);
  must(gunzip(packed, "a.gz", k_most) == Bytes(input), "what was packed unpacks");
  must(gunzip(packed + packed, "a.gz", k_most) == Bytes(input) + Bytes(input),
       "members unpack one after another");
  must(!gunzip(ByteView(packed).substr(0, packed.size() - 1), "a.gz", k_most), "half is no file");
  must(!gunzip(packed + "\n", "a.gz", k_most), "other bytes behind it are refused");
  must(input.empty() || !gunzip(packed, "a.gz", input.size() - 1), "the limit holds to the byte");
}

}  // namespace runpin::fuzz
