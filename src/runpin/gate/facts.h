// What a lane found out, as data: recorded in the lane's receipts artifact, so that anyone can
// judge it again and get the same bytes. A port's answer is {"value": …}, its failure {"error":
// {kind, message, where, fix}}.
#pragma once

#include <optional>
#include <string>

#include "runpin/base/result.h"
#include "runpin/canon/json.h"

namespace runpin {

Json fact_of(const Error& error);
Json fact_of(Json value);

// to_value(answer) where there is an answer, else the error.
template <class T, class ToValue>
Json fact_of(const Result<T>& result, ToValue to_value) {
  return result ? fact_of(Json(to_value(*result))) : fact_of(result.error());
}

// Reads a fact: `value` is null when the call failed, `error` says why; both are null for a fact
// that is not there.
struct Fact {
  explicit Fact(const Json& json) : value(json["value"]), error(json["error"]) {}
  const Json& value;
  const Json& error;
  bool failed() const { return !error.is_null(); }
  std::string kind() const { return error["kind"].text(); }
  // "where: message" of the error.
  std::string failure() const;
  // The error's own fix; `otherwise` when it has none, or when the thing is not there at all, since
  // the asker knows what was meant to be there.
  std::string fix_or(std::string otherwise) const;
};

}  // namespace runpin
