#include "runpin/canon/json_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "runpin/canon/float_text.h"

namespace runpin {
namespace {

enum class Form { k_canonical, k_pretty, k_jcs };

// A byte of UTF-8 ranked so that comparing bytes compares UTF-16 code units: what lies above U+FFFF
// is a pair of surrogates there, and so stands before U+E000 to U+FFFF, whose lead bytes are 0xEE
// and 0xEF.
unsigned utf16_rank(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0xEE || byte == 0xEF ? byte + 0x100u : byte;
}

bool utf16_less(std::string_view a, std::string_view b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                      [](char x, char y) { return utf16_rank(x) < utf16_rank(y); });
}

class Writer {
 public:
  explicit Writer(Form form) : form_(form) {}

  void write(const Json& value);
  std::string& text() { return text_; }
  // The first number that the form cannot hold, or "".
  const std::string& beyond_range() const { return beyond_range_; }

 private:
  void write_array(const Json::Array& items);
  void write_object(const Json::Object& members);
  void write_member(const Json::Object::value_type& member);
  void write_number(const std::string& number);
  void write_string(std::string_view string);
  void break_line();

  Form form_;
  std::string text_;
  std::string beyond_range_;
  std::size_t depth_ = 0;
};

void Writer::write(const Json& value) {
  if (const auto* members = value.if_object()) return write_object(*members);
  if (const auto* items = value.if_array()) return write_array(*items);
  if (const auto* string = value.if_string()) return write_string(*string);
  if (const auto* number = value.if_number()) return write_number(number->text);
  const bool* truth = value.if_bool();
  text_ += !truth ? "null" : *truth ? "true" : "false";
}

void Writer::write_array(const Json::Array& items) {
  text_ += '[';
  ++depth_;
  for (const Json& item : items) {
    if (&item != &items.front()) text_ += ',';
    break_line();
    write(item);
  }
  --depth_;
  if (!items.empty()) break_line();
  text_ += ']';
}

void Writer::write_object(const Json::Object& members) {
  std::vector<const Json::Object::value_type*> order;
  order.reserve(members.size());
  for (const auto& member : members) order.push_back(&member);
  if (form_ == Form::k_jcs)
    std::sort(order.begin(), order.end(),
              [](const auto* a, const auto* b) { return utf16_less(a->first, b->first); });
  text_ += '{';
  ++depth_;
  for (const auto* member : order) {
    if (member != order.front()) text_ += ',';
    break_line();
    write_member(*member);
  }
  --depth_;
  if (!members.empty()) break_line();
  text_ += '}';
}

void Writer::write_member(const Json::Object::value_type& member) {
  write_string(member.first);
  text_ += form_ == Form::k_pretty ? ": " : ":";
  write(member.second);
}

void Writer::write_number(const std::string& number) {
  if (form_ != Form::k_jcs) {
    text_ += number;
    return;
  }
  const auto value = nearest_double(number);
  if (value)
    text_ += ecmascript_text(*value);
  else if (beyond_range_.empty())
    beyond_range_ = number;
}

void Writer::write_string(std::string_view string) {
  text_ += '"';
  for (const char c : string) {
    switch (c) {
      case '"':
        text_ += "\\\"";
        break;
      case '\\':
        text_ += "\\\\";
        break;
      case '\b':
        text_ += "\\b";
        break;
      case '\f':
        text_ += "\\f";
        break;
      case '\n':
        text_ += "\\n";
        break;
      case '\r':
        text_ += "\\r";
        break;
      case '\t':
        text_ += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20)
          text_ += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else
          text_ += c;
    }
  }
  text_ += '"';
}

void Writer::break_line() {
  if (form_ == Form::k_pretty) text_.append("\n").append(2 * depth_, ' ');
}

}  // namespace

std::string canonical(const Json& value) {
  Writer writer(Form::k_canonical);
  writer.write(value);
  return std::move(writer.text());
}

std::string pretty(const Json& value) {
  Writer writer(Form::k_pretty);
  writer.write(value);
  writer.text() += '\n';
  return std::move(writer.text());
}

Result<std::string> jcs(const Json& value) {
  Writer writer(Form::k_jcs);
  writer.write(value);
  const std::string& number = writer.beyond_range();
  if (number.empty()) return std::move(writer.text());
  return fail(ErrorKind::k_malformed,
              fmt::format("expected numbers within the range of a double, as RFC 8785 needs, found "
                          "{:.12}{} of {} characters",
                          number, number.size() > 12 ? "…" : "", number.size()),
              "", "write that number as a string");
}

}  // namespace runpin
