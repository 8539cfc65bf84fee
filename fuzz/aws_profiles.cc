// The AWS SDKs' shared files: ~/.aws/config, and behind a line "=== credentials" the other one.
#include "runpin/adapters/aws/aws_profiles.h"

#include <algorithm>

#include "fuzz/objects.h"
#include "fuzz/property.h"

namespace runpin::fuzz {
namespace {

constexpr const char* k_config = "~/.aws/config";
constexpr const char* k_credentials = "~/.aws/credentials";

void examine_sections(const std::map<std::string, AwsSection, std::less<>>& sections) {
  for (const auto& [section_name, section] : sections)
    for (const auto& [name, property] : section) {
      must(!name.empty(), "a property has a name");
      must(std::none_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; }),
           "a property's name is in lower case");
      must(name.find('\n') == std::string::npos, "a property's name is on one line");
    }
}

std::size_t line_in(const Error& error, const std::string& name) {
  return std::stoul(error.where.substr(name.size() + 1));
}

// `text` with every letter and digit of its line `number` the same one.
std::string disguised(std::string text, std::size_t number) {
  std::size_t line = 1;
  for (char& c : text) {
    if (c == '\n') ++line;
    const bool telling = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (line == number && telling) c = 'x';
  }
  return text;
}

// "NAME:LINE", the line one of the file's; nothing that stands there is repeated.
void examine_error(const Error& error, std::string config, std::string credentials) {
  must(error.kind == ErrorKind::k_config, "a flawed file is k_config");
  const bool in_config = error.where.starts_with(std::string(k_config) + ":");
  const std::string name = in_config ? k_config : k_credentials;
  must(error.where.starts_with(name + ":"), "an error names the file");
  std::string& text = in_config ? config : credentials;
  const std::size_t line = line_in(error, name);
  must_lie_within(text, {line, 1});
  text = disguised(text, line);
  const auto again = parse_aws_profiles({config, k_config}, {credentials, k_credentials});
  must(!again && one_line(again.error()) == one_line(error), "an error does not repeat the line");
}

}  // namespace

void examine(std::string_view input) {
  std::string config;
  std::string credentials;
  for (const auto& [name, text] : named_texts(input))
    (name == "credentials" ? credentials : config) += text;
  const auto profiles = parse_aws_profiles({config, k_config}, {credentials, k_credentials});
  if (!profiles) return examine_error(profiles.error(), config, credentials);
  examine_sections(profiles->profiles);
  examine_sections(profiles->services);
}

}  // namespace runpin::fuzz
