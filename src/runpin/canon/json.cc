#include "runpin/canon/json.h"

#include <charconv>

namespace runpin {
namespace {
const Json k_null;
const std::string k_no_text;
const Json::Array k_no_items;
const Json::Object k_no_members;
}  // namespace

Json::Json(const std::vector<std::string>& strings)
    : value_(Array(strings.begin(), strings.end())) {}

const Json* Json::find(std::string_view key) const {
  const Object* object = if_object();
  if (!object) return nullptr;
  const auto member = object->find(key);
  return member == object->end() ? nullptr : &member->second;
}

const Json& Json::operator[](std::string_view key) const {
  const Json* member = find(key);
  return member ? *member : k_null;
}

const std::string& Json::text() const {
  const std::string* string = if_string();
  return string ? *string : k_no_text;
}

bool Json::is_true() const {
  const bool* value = if_bool();
  return value && *value;
}

std::optional<std::int64_t> Json::integer() const {
  const JsonNumber* number = if_number();
  if (!number) return {};
  std::int64_t value = 0;
  const char* end = number->text.data() + number->text.size();
  const auto [stop, error] = std::from_chars(number->text.data(), end, value);
  if (error != std::errc() || stop != end) return {};
  return value;
}

const Json::Array& Json::items() const {
  return if_array() ? *if_array() : k_no_items;
}

const Json::Object& Json::members() const {
  return if_object() ? *if_object() : k_no_members;
}

std::optional<std::vector<std::string>> Json::strings() const {
  if (!is_array()) return {};
  std::vector<std::string> all;
  for (const Json& item : items()) {
    if (!item.if_string()) return {};
    all.push_back(item.text());
  }
  return all;
}

Json& Json::set(std::string key, Json value) {
  if (is_null()) value_ = Object{};
  std::get<Object>(value_).insert_or_assign(std::move(key), std::move(value));
  return *this;
}

Json& Json::push(Json value) {
  if (is_null()) value_ = Array{};
  std::get<Array>(value_).push_back(std::move(value));
  return *this;
}

Json object(std::initializer_list<std::pair<const std::string, Json>> members) {
  return Json(Json::Object(members.begin(), members.end()));
}

Json array(std::initializer_list<Json> items) {
  return Json(Json::Array(items));
}

}  // namespace runpin
