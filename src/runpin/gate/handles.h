// Handles as a lane sees them: each resolved from its one source class, checked against any other
// source that names it too, and free of secret material. Gathered as a fact, then read by the
// judge.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runpin/gate/blocker.h"
#include "runpin/gate/world.h"

namespace runpin {

// {KEY: {state, value, source, where, detail}} for `keys`. `state` is name_of(HandleState), or
//   "contradicted"   also when a stack output or the M2 receipt says another value than the
//   registry's literal "source_missing" its stack output or receipt field is not there or cannot be
//   read "secret"         the value is secret material; withheld
// `value` is null unless "resolved". `source` is name_of(SourceClass). `where` is path:line:column
// or the source's path. `detail` says what was found instead, without any secret.
Json gather_handles(World& world, const std::vector<std::string>& keys);

// Reads what gather_handles() made.
class HandleFacts {
 public:
  explicit HandleFacts(const Json& handles) : handles_(handles) {}

  bool resolved(std::string_view key) const { return state(key) == "resolved"; }
  const std::string& state(std::string_view key) const { return handles_[key]["state"].text(); }
  const Json& value(std::string_view key) const { return handles_[key]["value"]; }
  // The value when it is a string, else "".
  const std::string& text(std::string_view key) const { return value(key).text(); }
  const std::string& where(std::string_view key) const { return handles_[key]["where"].text(); }
  const std::string& source(std::string_view key) const { return handles_[key]["source"].text(); }

  // Those of `keys` that are not resolved.
  std::vector<std::string> unresolved(const std::vector<std::string>& keys) const;

  // Why `key` is not resolved, and the one edit that helps.
  Explanation explain(std::string_view key) const;
  // That `key` holds something else than `expected`.
  Explanation explain_value(std::string_view key, std::string expected) const;

 private:
  const Json& handles_;
};

}  // namespace runpin
