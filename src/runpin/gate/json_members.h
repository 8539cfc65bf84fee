// The strings of JSON that may be incomplete, doubled or inside other text, with the names that
// stand over them.
#pragma once

#include <functional>
#include <string_view>

namespace runpin {

// All three lie in the text that was walked, escapes unresolved.
struct JsonString {
  std::string_view
      key;  // of the member that holds the string, itself or as an array's item; "" when none does
  std::string_view
      group;  // the next name up, where it tells what the string is; see for_each_json_string()
  std::string_view value;
};

// Calls `visit` for every string value. Never fails: what is no JSON is passed over. `group` is the
// key of the object around the member when that key ends in a plural of secrets ({"secrets": {"db":
// "…"}}) or when the member's key only says that it is a value ({"db_password": {"value": "…"}});
// otherwise it is "".
void for_each_json_string(std::string_view text,
                          const std::function<void(const JsonString&)>& visit);

}  // namespace runpin
