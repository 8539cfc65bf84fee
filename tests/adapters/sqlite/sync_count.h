// Counts this process's fsync() and fdatasync() calls by standing in front of the C library's.
#pragma once

namespace runpin::testing {

long sync_count();

}  // namespace runpin::testing
