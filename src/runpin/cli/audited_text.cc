#include "runpin/cli/audited_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "runpin/base/bytes.h"
#include "runpin/gate/secret_scan.h"

namespace runpin::cli {
namespace {

// The code points of well-formed UTF-8.
std::vector<char32_t> code_points(const std::string& text) {
  std::vector<char32_t> points;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80)
      points.push_back(byte);
    else if (byte >= 0xc0)
      points.push_back(byte & (byte >= 0xf0 ? 0x07 : byte >= 0xe0 ? 0x0f : 0x1f));
    else
      points.back() = points.back() << 6 | (byte & 0x3f);
  }
  return points;
}

// Whatever would make one line look like two, or like another one.
bool is_control(char32_t point) {
  const bool line_break = point == 0x2028 || point == 0x2029;
  const bool direction = point == 0x200e || point == 0x200f || point == 0x061c ||
                         (point >= 0x202a && point <= 0x202e) ||
                         (point >= 0x2066 && point <= 0x2069);
  return point < 0x20 || (point >= 0x7f && point < 0xa0) || line_break || direction;
}

bool is_blank(char32_t point) {
  return point == U' ' || point == 0xa0 || (point >= 0x2000 && point <= 0x200d) ||
         point == 0x202f || point == 0x205f || point == 0x2060 || point == 0x3000 ||
         point == 0xfeff;
}

}  // namespace

Result<void> check_audited_text(const std::string& option, const std::string& text,
                                std::size_t max_characters) {
  const auto refuse = [&](std::string message, std::string fix) {
    return fail(ErrorKind::k_usage, std::move(message), option, std::move(fix));
  };
  if (!is_utf8(text)) return refuse("expected text in UTF-8", "write it in UTF-8");
  const auto points = code_points(text);
  if (std::all_of(points.begin(), points.end(), is_blank))
    return refuse("expected some words, found none", "say it in words; it goes on record");
  if (std::any_of(points.begin(), points.end(), is_control))
    return refuse(
        "expected one line of plain text, found a line break or another control character",
        "write it on one line");
  if (points.size() > max_characters)
    return refuse(
        fmt::format("expected at most {} characters, found {}", max_characters, points.size()),
        "shorten it, and name where the rest can be read");
  if (const auto secrets = scan_secrets(text); !secrets.empty())
    return refuse(fmt::format("it holds secret material (rule {}), which must not go on record",
                              secrets.front().rule),
                  "leave the secret out, and rotate it if it is real");
  return {};
}

std::string quoted(const std::string& text) {
  return scan_secrets(text).empty() ? "'" + text + "'" : "(withheld: it looks like a secret)";
}

}  // namespace runpin::cli
