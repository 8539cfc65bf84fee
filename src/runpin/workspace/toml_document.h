// TOML text with the places of its keys and values, by toml++.
#pragma once

#include <toml++/toml.h>

#include <string>
#include <string_view>

#include "runpin/base/position.h"
#include "runpin/base/result.h"

namespace runpin {

class TomlDocument {
 public:
  // k_config with `where` = path:line:column when the text is not UTF-8 or not TOML, or is larger
  // or deeper than any settings are. REQUIRES: `text` outlives this.
  static Result<TomlDocument> parse(std::string_view text, std::string_view path);

  const toml::table& root() const { return root_; }
  const std::string& path() const { return path_; }

  // Where a key or value begins; columns in bytes, while toml++ counts characters.
  Position position(const toml::source_region& region) const;

 private:
  std::string_view text_;
  std::string path_;
  toml::table root_;
};

// "a string", "an integer", …
std::string_view kind_of(const toml::node& node);

}  // namespace runpin
