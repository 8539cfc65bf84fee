#include "tests/tampering/random_change.h"

#include <iterator>

namespace runpin::testing {
namespace {

std::string changed_text(Random& random, std::string text) {
  if (text.empty()) return "x";
  const std::size_t at = draw(random, text.size());
  const unsigned char old = static_cast<unsigned char>(text[at]);
  if (old >= 0x80) return text + "x";
  text[at] = old == 'x' ? 'y' : 'x';
  return text;
}

Json changed_object(Random& random, Json::Object members) {
  if (members.empty() || draw(random, 16) == 0) {
    members["added"] = "x";
    return members;
  }
  const auto at =
      std::next(members.begin(), static_cast<std::ptrdiff_t>(draw(random, members.size())));
  if (draw(random, 16) == 0)
    members.erase(at);
  else
    at->second = changed(random, at->second);
  return members;
}

Json changed_array(Random& random, Json::Array items) {
  if (items.empty()) {
    items.emplace_back("x");
    return items;
  }
  const std::size_t at = draw(random, items.size());
  if (draw(random, 8) == 0)
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(at));
  else
    items[at] = changed(random, items[at]);
  return items;
}

}  // namespace

std::size_t draw(Random& random, std::size_t end) {
  return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
}

Json changed(Random& random, const Json& value) {
  if (const auto* members = value.if_object()) return changed_object(random, *members);
  if (const auto* items = value.if_array()) return changed_array(random, *items);
  if (const auto* text = value.if_string()) return changed_text(random, *text);
  if (const auto* flag = value.if_bool()) return !*flag;
  if (value.integer()) return *value.integer() + 1;
  return "x";
}

Json changed_within(Random& random, const Json& body, const std::string& field) {
  Json other = body;
  return other.set(field, changed(random, body[field]));
}

}  // namespace runpin::testing
