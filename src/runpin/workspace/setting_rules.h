// What the words in runpin.toml may say. Each rule takes the text of one setting.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "runpin/workspace/workspace.h"

namespace runpin {

// What is wrong with a setting, without its place.
struct SettingFlaw {
  std::string message;  // "expected …, found …"
  std::string fix;
};
template <class T>
using Judged = tl::expected<T, SettingFlaw>;

// Any text: not blank, no control characters.
std::optional<SettingFlaw> text_flaw(std::string_view text);

// A path that runpin writes to: relative to the workspace and within it.
std::optional<SettingFlaw> written_path_flaw(std::string_view path);

// [A-Z][A-Z0-9_]*
bool is_source_key(std::string_view key);

// "registry", "output:NAME" or "m2:FIELD"; `where` is left empty.
Judged<HandleSource> read_source(std::string_view text);

// One of `allowed`; `where` is left empty.
Judged<Backend> read_backend(std::string_view text, const std::vector<BackendKind>& allowed);

// The name that `name` was probably meant to be: at most two edits away, or a third of its length.
// "" when none is.
std::string_view nearest_name(std::string_view name, const std::vector<std::string_view>& known);

}  // namespace runpin
