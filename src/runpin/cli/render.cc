#include "runpin/canon/json.h"
#include "runpin/canon/json_writer.h"
#include "runpin/cli/sample_files.h"

namespace runpin::cli {
namespace {

// What stands between the quotes: canonical JSON escapes the same characters as a TOML basic
// string.
std::string escaped(const std::string& value) {
  const std::string quoted = canonical(Json(value));
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

Result<std::string> render(std::string_view text,
                           const std::map<std::string, std::string>& values) {
  std::string rendered;
  for (auto open = text.find("{{"); open != std::string_view::npos; open = text.find("{{")) {
    const auto close = text.find("}}", open);
    const std::string name(text.substr(open + 2, close - open - 2));
    const auto value = values.find(name);
    if (close == std::string_view::npos || value == values.end())
      return fail(ErrorKind::k_internal, "the sample asks for an unknown value: " + name);
    rendered.append(text.substr(0, open)).append(escaped(value->second));
    text.remove_prefix(close + 2);
  }
  return rendered.append(text);
}

}  // namespace runpin::cli
