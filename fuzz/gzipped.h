// What `gzip` makes of a text, without a name or time.
#pragma once

#include "runpin/base/bytes.h"

namespace runpin::fuzz {

Bytes gzipped(ByteView text);

}  // namespace runpin::fuzz
