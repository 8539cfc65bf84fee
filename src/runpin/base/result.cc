#include "runpin/base/result.h"

namespace runpin {

std::string one_line(const Error& error) {
  std::string line = error.where.empty() ? error.message : error.where + ": " + error.message;
  if (!error.fix.empty()) line += " (" + error.fix + ")";
  return line;
}

std::string_view name_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::k_usage:
      return "usage";
    case ErrorKind::k_config:
      return "config";
    case ErrorKind::k_not_found:
      return "not_found";
    case ErrorKind::k_denied:
      return "denied";
    case ErrorKind::k_unavailable:
      return "unavailable";
    case ErrorKind::k_conflict:
      return "conflict";
    case ErrorKind::k_mismatch:
      return "mismatch";
    case ErrorKind::k_malformed:
      return "malformed";
    case ErrorKind::k_io:
      return "io";
    case ErrorKind::k_superseded:
      return "superseded";
    case ErrorKind::k_reset_required:
      return "reset_required";
    case ErrorKind::k_internal:
      return "internal";
  }
  return "internal";
}

}  // namespace runpin
