#include "runpin/gate/json_members.h"

#include <algorithm>
#include <array>
#include <vector>

namespace runpin {
namespace {

struct Frame {
  bool is_object = false;
  bool wants_key = false;
  std::string_view name;  // the key under which this object or array stands
  std::string_view key;   // the member being read; for an array its name
};

// Where the string that opens at text[open] ends: its closing quote, or the end of the line.
std::size_t string_end(std::string_view text, std::size_t open) {
  std::size_t at = open + 1;
  while (at < text.size() && text[at] != '"' && text[at] != '\n') at += text[at] == '\\' ? 2 : 1;
  return std::min(at, text.size());
}

bool colon_follows(std::string_view text, std::size_t at) {
  const std::size_t next = text.find_first_not_of(" \t\r\n", at);
  return next != std::string_view::npos && text[next] == ':';
}

bool only_says_value(std::string_view key) {
  constexpr auto keys =
      std::to_array<std::string_view>({"value", "values", "default", "data", "content", "plaintext",
                                       "current", "previous", "string", "raw"});
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

bool groups_secrets(std::string_view name) {
  constexpr auto plurals =
      std::to_array<std::string_view>({"secrets", "credentials", "passwords", "tokens"});
  return std::any_of(plurals.begin(), plurals.end(),
                     [&](std::string_view plural) { return name.ends_with(plural); });
}

// True for a quote that opens or closes JSON inside a JSON string, once the escapes of that string
// are resolved:
// "{"key": "value"}". Inside well-formed JSON no string follows a bracket that closes.
bool wraps_json(std::string_view text, std::size_t quote) {
  const std::size_t before =
      quote == 0 ? std::string_view::npos : text.find_last_not_of(" \t\r\n", quote - 1);
  if (before != std::string_view::npos && (text[before] == '}' || text[before] == ']')) return true;
  const char next = quote + 1 < text.size() ? text[quote + 1] : '\0';
  if (next != '{' && next != '[') return false;
  const std::size_t inner = text.find_first_not_of(" \t\r\n[{", quote + 2);
  return inner != std::string_view::npos && text[inner] == '"' &&
         (inner + 1 == text.size() ||
          std::string_view(",:}] \n").find(text[inner + 1]) == std::string_view::npos);
}

class Walk {
 public:
  Walk(std::string_view text, const std::function<void(const JsonString&)>& visit)
      : text_(text), visit_(visit) {}

  void run() {
    for (std::size_t at = 0; at < text_.size(); ++at) {
      switch (text_[at]) {
        case '"':
          at = read_string(at);
          break;
        case '{':
          open(true);
          break;
        case '[':
          open(false);
          break;
        case '}':
        case ']':
          close();
          break;
        case ',':
          next_member();
          break;
        default:
          break;
      }
    }
  }

 private:
  std::size_t read_string(std::size_t start) {
    if (wraps_json(text_, start)) return start;
    const std::size_t end = string_end(text_, start);
    const std::string_view content = text_.substr(start + 1, end - start - 1);
    if (frames_.empty()) return end;
    Frame& frame = frames_.back();
    if (frame.is_object && frame.wants_key && colon_follows(text_, end + 1)) {
      frame.key = content;
      frame.wants_key = false;
    } else {
      visit_({frame.key, group(frame), content});
    }
    return end;
  }

  static std::string_view group(const Frame& frame) {
    if (!frame.is_object) return {};
    return only_says_value(frame.key) || groups_secrets(frame.name) ? frame.name
                                                                    : std::string_view{};
  }

  void open(bool is_object) {
    const std::string_view name = frames_.empty() ? std::string_view{} : frames_.back().key;
    frames_.push_back({is_object, is_object, name, is_object ? std::string_view{} : name});
  }

  void close() {
    if (!frames_.empty()) frames_.pop_back();
  }

  void next_member() {
    if (!frames_.empty() && frames_.back().is_object) frames_.back().wants_key = true;
  }

  std::string_view text_;
  const std::function<void(const JsonString&)>& visit_;
  std::vector<Frame> frames_;
};

}  // namespace

void for_each_json_string(std::string_view text,
                          const std::function<void(const JsonString&)>& visit) {
  Walk(text, visit).run();
}

}  // namespace runpin
