#include "runpin/adapters/focus/gunzip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <limits>

namespace runpin {
namespace {

constexpr int k_gzip_only = 15 + 16;  // zlib: the largest window, and a gzip header

// Owns zlib's state.
class Inflater {
 public:
  Inflater() { ready_ = inflateInit2(&stream_, k_gzip_only) == Z_OK; }
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  bool ready() const { return ready_; }
  z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
  bool ready_ = false;
};

void feed(z_stream& stream, ByteView& rest) {
  const auto size = std::min<std::size_t>(rest.size(), std::numeric_limits<uInt>::max());
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(rest.data()));
  stream.avail_in = static_cast<uInt>(size);
}

}  // namespace

bool is_gzip(ByteView bytes) {
  return bytes.starts_with("\x1f\x8b");
}

Result<Bytes> gunzip(ByteView bytes, const std::string& path, std::size_t max_bytes) {
  const auto damaged = [&](std::string message) {
    return fail(ErrorKind::k_malformed, std::move(message), path, "export or copy the file again");
  };
  Inflater inflater;
  if (!inflater.ready()) return fail(ErrorKind::k_unavailable, "out of memory", path);
  z_stream& stream = inflater.stream();
  Bytes unpacked;
  Bytes chunk(65'536, '\0');
  for (ByteView rest = bytes;;) {
    feed(stream, rest);
    stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    stream.avail_out = static_cast<uInt>(chunk.size());
    const uInt fed = stream.avail_in;
    const int status = inflate(&stream, Z_NO_FLUSH);
    rest.remove_prefix(fed - stream.avail_in);
    unpacked.append(chunk, 0, chunk.size() - stream.avail_out);
    if (unpacked.size() > max_bytes)
      return damaged(fmt::format("the file unpacks to more than {} MiB", max_bytes >> 20));
    if (status == Z_BUF_ERROR) return damaged("the gzip file is cut off");
    if (status != Z_OK && status != Z_STREAM_END) return damaged("the gzip file is damaged");
    if (status != Z_STREAM_END) continue;
    if (rest.empty()) return unpacked;
    if (!is_gzip(rest) || inflateReset(&stream) != Z_OK)
      return damaged("other bytes stand behind the gzip file's end");
  }
}

}  // namespace runpin
