#include "runpin/canon/json_reader.h"

#include <fmt/format.h>

#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "runpin/base/bytes.h"
#include "runpin/canon/float_text.h"
#include "runpin/canon/json_flaw.h"

namespace runpin {
namespace {

// Stands in for nlohmann's float type and is always finite, since nlohmann refuses any number that
// overflows its float type, an integer of 400 digits too. Numbers are judged by their text, in
// Builder.
class AnyNumber {
 public:
  AnyNumber() = default;
  AnyNumber(int) : unused_(0) {}
  operator double&() { return unused_; }
  operator double() const { return 0; }

 private:
  double unused_;
};

using Parser = nlohmann::basic_json<std::map, std::vector, std::string, bool, std::int64_t,
                                    std::uint64_t, AnyNumber>;

// Walks the text and tells how far the parser has read.
class Cursor {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Cursor(const char* at, std::size_t* consumed) : at_(at), consumed_(consumed) {}
  reference operator*() const { return *at_; }
  Cursor& operator++() {
    ++at_;
    ++*consumed_;
    return *this;
  }
  bool operator==(const Cursor& other) const { return at_ == other.at_; }

 private:
  const char* at_;
  std::size_t* consumed_;
};

// Receives nlohmann's events (its SAX interface, hence the names); false stops the parser, with
// flaw() set.
class Builder {
 public:
  Builder(std::string_view text, const std::size_t& consumed) : text_(text), consumed_(consumed) {}

  bool null() { return add(Json()); }
  bool boolean(bool value) { return add(Json(value)); }
  bool number_integer(std::int64_t value) { return add(Json(value)); }
  bool number_unsigned(std::uint64_t value) { return add(Json(std::size_t{value})); }
  bool number_float(AnyNumber, const std::string& token);
  bool string(std::string& value) { return add(Json(std::move(value))); }
  bool binary(Parser::binary_t&) { return refuse(consumed_, "binary value", ""); }
  bool start_object(std::size_t) { return open(Json(Json::Object())); }
  bool key(std::string& name);
  bool end_object() { return close(); }
  bool start_array(std::size_t) { return open(Json(Json::Array())); }
  bool end_array() { return close(); }
  bool parse_error(std::size_t read, const std::string&, const nlohmann::detail::exception& error);

  const std::optional<JsonFlaw>& flaw() const { return flaw_; }
  Json& root() { return root_; }

 private:
  struct Frame {
    Json container;
    std::string key;
  };

  bool add(Json value);
  bool open(Json container);
  bool close();
  bool refuse(std::size_t offset, std::string message, std::string fix);

  std::string_view text_;
  const std::size_t& consumed_;
  std::vector<Frame> open_;
  Json root_;
  std::optional<JsonFlaw> flaw_;
};

bool Builder::number_float(AnyNumber, const std::string& token) {
  // The parser reads one character past a number, and spells the point by the locale: take the text
  // itself.
  const std::size_t last = text_.find_last_of("0123456789", consumed_ - 1);
  const std::size_t start = last + 1 - token.size();
  const std::string_view number = text_.substr(start, token.size());
  if (number.find_first_of(".eE") == std::string_view::npos)
    return add(JsonNumber{std::string(number)});
  const auto value = nearest_double(number);
  if (!value)
    return refuse(start, "expected a number within the range of a double, found a larger one",
                  "write it as a string, or without point and exponent");
  return add(JsonNumber{python_repr(*value)});
}

bool Builder::key(std::string& name) {
  Frame& frame = open_.back();
  if (frame.container.find(name))
    return refuse(opening_quote(text_, consumed_ - 1),
                  "expected each key once in an object, found this key a second time",
                  "keep one of the two");
  frame.key = std::move(name);
  return true;
}

bool Builder::parse_error(std::size_t read, const std::string&,
                          const nlohmann::detail::exception& error) {
  flaw_ = explain_syntax_error(text_, read - 1, error.what());
  return false;
}

bool Builder::add(Json value) {
  if (open_.empty())
    root_ = std::move(value);
  else if (open_.back().container.is_object())
    open_.back().container.set(std::move(open_.back().key), std::move(value));
  else
    open_.back().container.push(std::move(value));
  return true;
}

bool Builder::open(Json container) {
  if (open_.size() == k_max_json_nesting)
    return refuse(
        consumed_ - 1,
        fmt::format("expected at most {} levels of nesting, found more", k_max_json_nesting),
        "make the document flatter");
  open_.push_back({std::move(container), {}});
  return true;
}

bool Builder::close() {
  Json done = std::move(open_.back().container);
  open_.pop_back();
  return add(std::move(done));
}

bool Builder::refuse(std::size_t offset, std::string message, std::string fix) {
  flaw_ = JsonFlaw{offset, std::move(message), std::move(fix)};
  return false;
}

// Flaws of the bytes, which the parser would not see or not place.
std::optional<JsonFlaw> byte_flaw(std::string_view text) {
  std::size_t bad = 0;
  if (!is_utf8(text, &bad))
    return JsonFlaw{bad, "expected UTF-8, found a byte that is none", "save it as UTF-8"};
  const auto nul = text.find('\0');
  if (nul != std::string_view::npos)
    return JsonFlaw{nul, "expected JSON text, found a NUL byte", "save it as UTF-8 without NUL"};
  return {};
}

Position shifted(Position inner, Position origin) {
  if (inner.line == 1) inner.column += origin.column - 1;
  inner.line += origin.line - 1;
  return inner;
}

}  // namespace

Result<Json> read_json(std::string_view text, std::string_view path, Position origin) {
  std::size_t consumed = 0;
  Builder builder(text, consumed);
  std::optional<JsonFlaw> flaw = byte_flaw(text);
  if (!flaw) {
    Parser::sax_parse(Cursor(text.data(), &consumed), Cursor(text.data() + text.size(), &consumed),
                      &builder);
    flaw = builder.flaw();
  }
  if (flaw)
    return fail(ErrorKind::k_malformed, flaw->message,
                where(path, shifted(position_at(text, flaw->offset), origin)), flaw->fix);
  return std::move(builder.root());
}

}  // namespace runpin
