// Exit codes, the same for every command. Nothing that could not be verified ever exits k_success.
#pragma once

#include "runpin/base/result.h"

namespace runpin::cli {

inline constexpr int k_success = 0;         // advance or success
inline constexpr int k_program_failed = 1;  // the program itself failed
inline constexpr int k_usage = 2;           // usage or configuration error; nothing was written
inline constexpr int k_hold = 3;            // HOLD_REMEDIATE
inline constexpr int k_no_go = 4;           // NO_GO_RESET_REQUIRED

// k_usage where what the user asked for or gave cannot be used, k_no_go where a reset must be on
// record first, otherwise k_program_failed.
int exit_code_of(ErrorKind kind);

}  // namespace runpin::cli
