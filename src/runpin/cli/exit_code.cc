#include "runpin/cli/exit_code.h"

namespace runpin::cli {

int exit_code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::k_usage:
    case ErrorKind::k_config:
    case ErrorKind::k_not_found:
    case ErrorKind::k_denied:
    case ErrorKind::k_conflict:
    case ErrorKind::k_malformed:
    case ErrorKind::k_superseded:
      return k_usage;
    case ErrorKind::k_reset_required:
      return k_no_go;
    case ErrorKind::k_unavailable:
    case ErrorKind::k_mismatch:
    case ErrorKind::k_io:
    case ErrorKind::k_internal:
      return k_program_failed;
  }
  return k_program_failed;
}

}  // namespace runpin::cli
