#include "runpin/workspace/toml_document.h"

#include <algorithm>
#include <exception>

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

Position byte_position(std::string_view text, const toml::source_position& at) {
  std::size_t begin = 0;
  for (std::size_t line = 1; line < at.line; ++line) {
    const std::size_t ending = text.find('\n', begin);
    begin = ending == std::string_view::npos ? text.size() : ending + 1;
  }
  const std::size_t line_begin = begin;
  if (line_begin == 0 && text.starts_with(k_bom)) begin += k_bom.size();
  const auto continues = [&](std::size_t i) {
    return i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80;
  };
  for (std::size_t column = 1; column < at.column && begin < text.size(); ++column) {
    do {
      ++begin;
    } while (continues(begin));
  }
  return {std::max<std::size_t>(at.line, 1), begin - line_begin + 1};
}

}  // namespace

Result<TomlDocument> TomlDocument::parse(std::string_view text, std::string_view path) {
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
