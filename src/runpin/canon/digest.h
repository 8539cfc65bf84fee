// SHA-256 (FIPS 180-4), by OpenSSL.
#pragma once

#include "runpin/base/bytes.h"
#include "runpin/base/strong.h"

namespace runpin {

Sha256 sha256(ByteView bytes);

}  // namespace runpin
