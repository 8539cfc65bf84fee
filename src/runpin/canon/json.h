// A JSON value that loses nothing: objects are sorted by code point, integers keep every digit, and
// any other number keeps the text of Python's float repr. No binary float is ever made from data.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace runpin {

// A number in its canonical text: "-12", "0", "1e+16", "0.1", "-0.0". Made by Json's integer
// constructor or by the reader; there is no way to make one from a double.
struct JsonNumber {
  std::string text;
  bool operator==(const JsonNumber&) const = default;
};

class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::map<std::string, Json, std::less<>>;  // UTF-8 byte order is code point order

  Json() = default;  // null
  Json(std::nullptr_t) {}
  Json(bool value) : value_(value) {}
  Json(int value) : Json(std::int64_t{value}) {}
  Json(std::int64_t value) : value_(JsonNumber{std::to_string(value)}) {}
  Json(std::size_t value) : value_(JsonNumber{std::to_string(value)}) {}
  Json(JsonNumber value) : value_(std::move(value)) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(Array value) : value_(std::move(value)) {}
  Json(Object value) : value_(std::move(value)) {}
  Json(const std::vector<std::string>& strings);
  template <class T>
  Json(const std::optional<T>& value) : Json(value ? Json(*value) : Json()) {}
  Json(double) = delete;
  template <class T>
  Json(T*) = delete;

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }

  // The value as that kind, or null when it is of another.
  const bool* if_bool() const { return std::get_if<bool>(&value_); }
  const JsonNumber* if_number() const { return std::get_if<JsonNumber>(&value_); }
  const std::string* if_string() const { return std::get_if<std::string>(&value_); }
  const Array* if_array() const { return std::get_if<Array>(&value_); }
  const Object* if_object() const { return std::get_if<Object>(&value_); }

  // An object's member, or null when this is no object or has no such member.
  const Json* find(std::string_view key) const;
  // The same, as a value that is null where find() is: for chains like doc["a"]["b"].
  const Json& operator[](std::string_view key) const;
  // The string, or "" when this is none.
  const std::string& text() const;
  // True only for the literal true.
  bool is_true() const;
  // The integer where it fits 64 bits; otherwise nothing.
  std::optional<std::int64_t> integer() const;
  // The items of an array, or none when this is no array.
  const Array& items() const;
  const Object& members() const;
  // The strings of an array of strings; nothing when this is anything else.
  std::optional<std::vector<std::string>> strings() const;

  // Sets a member; null becomes an object first. REQUIRES: this is null or an object.
  Json& set(std::string key, Json value);
  // Appends an item; null becomes an array first. REQUIRES: this is null or an array.
  Json& push(Json value);

  bool operator==(const Json&) const = default;

 private:
  std::variant<std::monostate, bool, JsonNumber, std::string, Array, Object> value_;
};

// object({{"a", 1}, {"b", "x"}})
Json object(std::initializer_list<std::pair<const std::string, Json>> members);
Json array(std::initializer_list<Json> items);

}  // namespace runpin
