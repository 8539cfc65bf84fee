#include "runpin/adapters/aws/aws_profiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace runpin {
namespace {

constexpr std::string_view k_blanks = " \t\r\f\v";

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(k_blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(k_blanks) - begin + 1);
}

bool is_comment(std::string_view trimmed_line) {
  return trimmed_line.starts_with('#') || trimmed_line.starts_with(';');
}

// A '#' or ';' behind a blank begins a comment.
std::string_view without_comment(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i)
    if ((text[i] == '#' || text[i] == ';') && k_blanks.find(text[i - 1]) != std::string_view::npos)
      return trimmed(text.substr(0, i));
  return trimmed(text);
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
}

enum class FileKind { k_config, k_credentials };

class Reader {
 public:
  Reader(const AwsFileText& file, FileKind kind, AwsProfiles& into)
      : file_(file), kind_(kind), into_(into) {}

  Result<void> read() {
    std::string_view rest = file_.text;
    if (rest.starts_with("\xef\xbb\xbf")) rest.remove_prefix(3);
    while (!rest.empty()) {
      const auto end = std::min(rest.find('\n'), rest.size());
      ++line_;
      if (auto read = read_line(rest.substr(0, end)); !read) return read;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return {};
  }

 private:
  tl::unexpected<Error> refuse(std::string_view expected) const {
    return fail(ErrorKind::k_config, fmt::format("expected {}", expected),
                fmt::format("{}:{}", file_.name, line_),
                "write it as the AWS SDKs' file format says");
  }

  Result<void> read_line(std::string_view line) {
    const std::string_view text = trimmed(line);
    if (text.empty() || is_comment(text)) return {};
    const bool indented = k_blanks.find(line.front()) != std::string_view::npos;
    if (text.front() == '[' && !indented) return open_section(text);
    if (!in_section_) return refuse("a section like [default] before the first property");
    if (indented && property_) return go_on(text);
    return open_property(text);
  }

  Result<void> open_section(std::string_view text) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return refuse("']' at the end of a section's name");
    const std::string_view behind = trimmed(text.substr(end + 1));
    if (!behind.empty() && !is_comment(behind)) return refuse("nothing behind a section's name");
    in_section_ = true;
    section_ = section_named(trimmed(text.substr(1, end - 1)));
    property_ = nullptr;
    return {};
  }

  // The section's place, or null for one that is of no interest here.
  AwsSection* section_named(std::string_view name) {
    const auto blank = name.find_first_of(k_blanks);
    const std::string_view kind = name.substr(0, blank);
    std::string_view rest =
        blank == std::string_view::npos ? std::string_view() : trimmed(name.substr(blank));
    if (rest.size() >= 2 && rest.front() == rest.back() &&
        (rest.front() == '"' || rest.front() == '\''))
      rest = rest.substr(1, rest.size() - 2);
    if (kind_ == FileKind::k_credentials)
      return rest.empty() && !name.empty() ? &into_.profiles[std::string(name)] : nullptr;
    if (name == "default") return default_is_prefixed_ ? nullptr : &into_.profiles["default"];
    if (rest.empty()) return nullptr;
    if (kind == "services") return &into_.services[std::string(rest)];
    if (kind != "profile") return nullptr;
    if (rest == "default" && !default_is_prefixed_) {  // [profile default] beats [default]
      default_is_prefixed_ = true;
      into_.profiles["default"].clear();
    }
    return &into_.profiles[std::string(rest)];
  }

  Result<void> open_property(std::string_view text) {
    const auto equals = text.find('=');
    const std::string name = lower(trimmed(text.substr(0, equals)));
    if (equals == std::string_view::npos || name.empty())
      return refuse("a property, as name = value");
    AwsSection& section = section_ ? *section_ : ignored_;
    property_ = &section[name];
    *property_ = {std::string(without_comment(text.substr(equals + 1))), {}};
    is_group_ = property_->value.empty();
    return {};
  }

  // An indented line: one of a group below "s3 =", or more of the value.
  Result<void> go_on(std::string_view text) {
    if (!is_group_) {
      property_->value.append("\n").append(text);
      return {};
    }
    const auto equals = text.find('=');
    const std::string name = lower(trimmed(text.substr(0, equals)));
    if (equals == std::string_view::npos || name.empty())
      return refuse("an indented property, as name = value");
    property_->nested[name] = trimmed(text.substr(equals + 1));
    return {};
  }

  const AwsFileText& file_;
  FileKind kind_;
  AwsProfiles& into_;
  AwsSection ignored_;
  AwsSection* section_ = nullptr;
  AwsProperty* property_ = nullptr;
  bool in_section_ = false;
  bool is_group_ = false;
  bool default_is_prefixed_ = false;
  std::size_t line_ = 0;
};

}  // namespace

const std::string& AwsProfiles::value(std::string_view profile, std::string_view property) const {
  static const std::string k_none;
  const auto section = profiles.find(profile);
  if (section == profiles.end()) return k_none;
  const auto found = section->second.find(property);
  return found == section->second.end() ? k_none : found->second.value;
}

Result<AwsProfiles> parse_aws_profiles(const AwsFileText& config, const AwsFileText& credentials) {
  AwsProfiles result;
  if (auto read = Reader(config, FileKind::k_config, result).read(); !read)
    return tl::unexpected(read.error());
  if (auto read = Reader(credentials, FileKind::k_credentials, result).read(); !read)
    return tl::unexpected(read.error());
  return result;
}

}  // namespace runpin
