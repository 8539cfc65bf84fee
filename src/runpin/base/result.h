// Errors as values. A function that can fail on input or on the world returns Result<T>; exceptions
// of libraries are caught where the library is called and never cross a folder.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace runpin {

enum class ErrorKind {
  k_usage,           // the command line is wrong
  k_config,          // workspace or registry cannot be used; nothing was written
  k_not_found,       // the thing asked for does not exist, and the store answered that for certain
  k_denied,          // the world answered, and said no
  k_unavailable,     // no answer, or none that can be trusted, after retries
  k_conflict,        // other bytes stand where these should
  k_mismatch,        // bytes read back are not the bytes written
  k_malformed,       // an answer or a file that does not parse
  k_io,              // the local file system failed
  k_reset_required,  // the run stands at NO_GO, and no reset is on record
  k_superseded,      // another attempt has taken this one's place; nothing was written
  k_internal,        // a defect of runpin itself
};

// What went wrong, where (a path with line and column, an object key, a service), and what to do
// about it. `where` and `fix` may be empty. Never holds secret material.
struct Error {
  ErrorKind kind = ErrorKind::k_internal;
  std::string message;
  std::string where;
  std::string fix;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorKind kind, std::string message, std::string where = {},
                                  std::string fix = {}) {
  return tl::unexpected<Error>(Error{kind, std::move(message), std::move(where), std::move(fix)});
}

// "where: message", or the message alone when there is no place to name.
std::string one_line(const Error& error);

// The word for `kind` that goes into evidence: "not_found", "denied", …
std::string_view name_of(ErrorKind kind);

}  // namespace runpin
