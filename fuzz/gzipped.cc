#include "fuzz/gzipped.h"

#include <zlib.h>

#include "fuzz/property.h"

namespace runpin::fuzz {

Bytes gzipped(ByteView text) {
  constexpr int k_gzip_window = 15 + 16;
  z_stream stream{};
  must(deflateInit2(&stream, 1, Z_DEFLATED, k_gzip_window, 8, Z_DEFAULT_STRATEGY) == Z_OK,
       "zlib has memory");
  Bytes packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  must(deflate(&stream, Z_FINISH) == Z_STREAM_END, "zlib packs anything");
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

}  // namespace runpin::fuzz
