// The registry of handles: CommonMark text in, handles with positions out. Pure.
//
// Grammar (product.md, "Registry grammar"): a handle is a list item whose first inline is a code
// span `KEY = VALUE`. KEY is [A-Z][A-Z0-9_]*; VALUE is a JSON literal, or the name of another
// handle (an alias, followed to its end). What follows the span is its note. A list item whose
// first inline is a code span with a bare KEY declares that handle without value, or only mentions
// one that is pinned elsewhere. Spans that are no handle name
// ({phase_id}, /path) and the word TO_PIN are no handles.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runpin/base/position.h"
#include "runpin/base/result.h"
#include "runpin/canon/json.h"

namespace runpin {

// One `KEY = VALUE` or bare `KEY` line as it stands in the file.
struct Pin {
  std::string key;
  std::optional<Json> literal;          // a JSON value, when that is what stands there
  std::optional<std::string> alias_of;  // the other handle's name, when that is what stands there
  std::string note;  // trailing text, markdown rendered as plain text, "" when none
  Position key_position;
  Position value_position;    // equals key_position for a bare KEY
  bool is_malformed = false;  // meant as `KEY = VALUE`, and not written so; it then has no value
};

enum class HandleState {
  k_resolved,      // `value` holds the JSON value at the end of the aliases
  k_missing,       // the registry does not name the key
  k_declared,      // named, but without a value anywhere
  k_to_pin,        // "TO_PIN"
  k_empty,         // "", [] or {}, or null
  k_contradicted,  // pinned to two different values; `pins` has them
  k_alias_cycle,   // its aliases lead back to themselves, or to a handle that is missing
  k_malformed,     // a line for it stands there but its value does not parse
};
std::string_view name_of(HandleState state);

struct Handle {
  std::string key;
  HandleState state = HandleState::k_missing;
  std::optional<Json> value;  // only when k_resolved
  std::vector<Pin> pins;      // every place, in file order; empty when k_missing
  // Of the first malformed line where the state says so, else of the first pin with a value, else
  // of the first mention.
  std::optional<Position> position() const;
};

enum class FindingLevel { k_error, k_warning, k_note };

// What `registry lint` reports. Never holds a value that the secret scan would refuse.
struct Finding {
  std::string
      rule;  // "to-pin", "contradiction", "malformed", "declared-without-value", "double-pin", …
  FindingLevel level = FindingLevel::k_error;
  std::string key;  // "" when the line has no readable key
  std::string message;
  Position position;
  std::string fix;
};

class Registry {
 public:
  // Fails (k_config, `where` = path:line:column) only when the text is not UTF-8, or is over 16
  // MiB. Every line that looks like a handle but does not parse is a finding and leaves its key
  // k_malformed.
  static Result<Registry> parse(std::string_view text, std::string path);

  // The handle by name; k_missing when the registry does not name it.
  Handle get(std::string_view key) const;

  // `key`, and every other name under which its value stands: those that its aliases lead through.
  std::vector<std::string> names_of(std::string_view key) const;

  // Every key that the registry pins or declares, by name.
  std::vector<Handle> all() const;

  // Every finding, in file order.
  const std::vector<Finding>& findings() const { return findings_; }

  // The path given to parse(), for messages.
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::map<std::string, Handle, std::less<>> handles_;
  std::vector<Finding> findings_;
};

}  // namespace runpin
