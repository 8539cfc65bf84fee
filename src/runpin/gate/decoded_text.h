// A text with its escapes resolved, so that what hides behind them can be looked for. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runpin {

class DecodedText {
 public:
  // Resolves, wherever they stand, the escapes of JSON strings (\n, \/, \", \u0041, and \x41 of
  // other languages) and of URLs (%2F). One level: a JSON text inside a JSON string needs a second
  // round over text(). Whatever is no escape stays as it is, so that any text can be given, JSON or
  // not.
  static DecodedText decode(std::string_view source);

  const std::string& text() const { return text_; }
  bool has_escapes() const { return !anchors_.empty(); }
  // Where the byte at `offset` of text() came from; the end of text() came from the end of the
  // source.
  std::size_t source_offset(std::size_t offset) const;

 private:
  void append(std::string_view source, std::size_t& at);

  std::string text_;
  std::vector<std::pair<std::size_t, std::size_t>>
      anchors_;  // (offset in text_, offset in the source) after an escape
};

// What the base64 (or base64url) `token` stands for when that is text: printable ASCII, tabs and
// line ends. Otherwise "".
std::string decode_base64_text(std::string_view token);

}  // namespace runpin
