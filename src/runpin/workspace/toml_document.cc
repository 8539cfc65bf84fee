#include "runpin/workspace/toml_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <optional>

#include "runpin/base/bytes.h"

namespace runpin {
namespace {

constexpr std::string_view k_bom = "\xEF\xBB\xBF";

std::string on_one_line(std::string_view text) {
  std::string line(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return line;
}

// toml++ counts characters, and in places beyond the end of a line; such a place is the line's end.
Position byte_position(std::string_view text, const toml::source_position& at) {
  std::size_t begin = 0;
  for (std::size_t line = 1; line < at.line; ++line) {
    const std::size_t ending = text.find('\n', begin);
    begin = ending == std::string_view::npos ? text.size() : ending + 1;
  }
  if (begin == 0 && text.starts_with(k_bom)) begin += k_bom.size();
  const auto continues = [&](std::size_t i) {
    return i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80;
  };
  const std::size_t end = std::min(text.find('\n', begin), text.size());
  for (std::size_t column = 1; column < at.column && begin < end; ++column) {
    do {
      ++begin;
    } while (continues(begin));
  }
  return position_at(text, begin);
}

// The place behind the string that begins at `at`; where it is never closed, the end of what it
// can reach.
std::size_t behind_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const std::string fence(text.substr(at).starts_with(std::string(3, quote)) ? 3 : 1, quote);
  for (at += fence.size(); at < text.size(); ++at) {
    if (fence.size() == 1 && text[at] == '\n') return at;
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (text.substr(at).starts_with(fence)) {
      at += fence.size();
      // Up to two quotes may be the text's own end.
      while (fence.size() == 3 && at < text.size() && text[at] == quote) ++at;
      return at;
    }
  }
  return text.size();
}

// How deep dotted keys can lead at most; the place of the first dot beyond `allowed`, if there is
// one. toml++ goes down by recursion.
std::optional<std::size_t> dot_beyond(std::string_view text, std::size_t allowed) {
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      at = behind_string(text, at);
    } else if (c == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else {
      if (c == '.' && allowed-- == 0) return at;
      ++at;
    }
  }
  return std::nullopt;
}

Result<void> check_bounds(std::string_view text, std::string_view path) {
  constexpr std::size_t k_max_bytes = 256u << 10, k_max_dots = 1000;
  if (text.size() > k_max_bytes)
    return fail(ErrorKind::k_config,
                fmt::format("expected at most {} KiB of settings, found {} bytes",
                            k_max_bytes >> 10, text.size()),
                std::string(path), "keep to the settings that runpin knows");
  if (const auto at = dot_beyond(text, k_max_dots))
    return fail(ErrorKind::k_config,
                fmt::format("expected at most {} dots in keys and numbers, found more", k_max_dots),
                where(path, position_at(text, *at)), "write tables as [table], keys without dots");
  return {};
}

}  // namespace

Result<TomlDocument> TomlDocument::parse(std::string_view text, std::string_view path) {
  if (auto bounded = check_bounds(text, path); !bounded) return tl::unexpected(bounded.error());
  std::size_t bad = 0;
  if (!is_utf8(text, &bad))
    return fail(ErrorKind::k_config, "expected UTF-8, found a byte that is none",
                where(path, position_at(text, bad)), "save the file as UTF-8");
  TomlDocument document;
  document.text_ = text;
  document.path_ = path;
  try {
    document.root_ = toml::parse(text);
  } catch (const toml::parse_error& error) {
    return fail(ErrorKind::k_config, "expected TOML, found: " + on_one_line(error.description()),
                where(path, byte_position(text, error.source().begin)),
                "correct the file there; strings stand in double quotes, each key stands once");
  } catch (const std::exception& error) {
    return fail(ErrorKind::k_config, std::string("expected TOML, found: ") + error.what(),
                where(path, {}), "correct the file");
  }
  return document;
}

Position TomlDocument::position(const toml::source_region& region) const {
  return byte_position(text_, region.begin);
}

std::string_view kind_of(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "an integer";
    case toml::node_type::floating_point:
      return "a float";
    case toml::node_type::boolean:
      return "a boolean";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::table:
      return "a table";
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time:
      return "a date or time";
    case toml::node_type::none:
      break;
  }
  return "nothing";
}

}  // namespace runpin
