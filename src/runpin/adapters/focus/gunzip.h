// gzip (RFC 1952), by zlib. Pure.
#pragma once

#include <string>

#include "runpin/base/bytes.h"
#include "runpin/base/result.h"

namespace runpin {

// Whether `bytes` begin as a gzip file does.
bool is_gzip(ByteView bytes);

// What was compressed, all members of the file one after another. k_malformed (`where` is `path`):
// damaged or cut off, other bytes behind it, or more than `max_bytes` when unpacked.
Result<Bytes> gunzip(ByteView bytes, const std::string& path, std::size_t max_bytes);

}  // namespace runpin
