#include "runpin/workspace/setting_rules.h"

#include <algorithm>
#include <numeric>

#include "runpin/base/bytes.h"

namespace runpin {
namespace {

struct BackendForm {
  BackendKind kind;
  std::string_view word;
  std::string_view target;  // what stands behind the colon; "" where nothing does
};

constexpr BackendForm k_backends[] = {
    {BackendKind::k_sqlite, "sqlite", "PATH"},
    {BackendKind::k_s3, "s3", ""},
    {BackendKind::k_step_functions, "step-functions", ""},
    {BackendKind::k_focus, "focus", "PATH-OR-S3-URI"},
    {BackendKind::k_cost_explorer, "cost-explorer", ""},
};

const BackendForm& form_of(BackendKind kind) {
  return *std::find_if(std::begin(k_backends), std::end(k_backends),
                       [&](const BackendForm& form) { return form.kind == kind; });
}

std::string spelled(const BackendForm& form) {
  const std::string colon = form.target.empty() ? "" : ":";
  return "\"" + std::string(form.word) + colon + std::string(form.target) + "\"";
}

std::string choices_of(const std::vector<BackendKind>& allowed) {
  std::vector<std::string> forms;
  for (const BackendKind kind : allowed) forms.push_back(spelled(form_of(kind)));
  return join(forms, " or ");
}

bool has_control_character(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7F) return true;
    const bool c1 =
        byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (c1) return true;
  }
  return false;
}

bool climbs(std::string_view path) {
  while (true) {
    const std::size_t slash = path.find('/');
    if (path.substr(0, slash) == "..") return true;
    if (slash == std::string_view::npos) return false;
    path.remove_prefix(slash + 1);
  }
}

std::optional<SettingFlaw> focus_flaw(std::string_view target) {
  const std::size_t scheme = target.find("://");
  if (scheme == std::string_view::npos) return std::nullopt;
  constexpr std::string_view k_s3 = "s3://";
  const std::string_view rest = target.substr(std::min(k_s3.size(), target.size()));
  const std::size_t slash = rest.find('/');
  const bool whole = target.starts_with(k_s3) && slash != std::string_view::npos && slash > 0 &&
                     slash + 1 < rest.size();
  if (whole) return std::nullopt;
  return SettingFlaw{
      "expected a local path or \"s3://BUCKET/KEY\" behind \"focus:\", found another URI",
      "write a local path, or the whole S3 URI of the export"};
}

std::optional<SettingFlaw> sqlite_flaw(std::string_view target) {
  if (auto flaw = written_path_flaw(target)) return flaw;
  if (!target.starts_with(":") && !target.starts_with("file:")) return std::nullopt;
  return SettingFlaw{
      "expected the path of a file behind \"sqlite:\", found a name special to SQLite",
      "write a path within the workspace, for example sqlite:.runpin/platform.db"};
}

std::optional<SettingFlaw> target_flaw(BackendKind kind, std::string_view target) {
  return kind == BackendKind::k_sqlite  ? sqlite_flaw(target)
         : kind == BackendKind::k_focus ? focus_flaw(target)
                                        : std::nullopt;
}

// A word that is none of ours, for a message: whole, since half a secret is none that a scan would
// find, or not at all. What stands behind its colon may be a URL with a password in it.
std::string shown(std::string_view text) {
  constexpr std::size_t k_longest = 32;
  const std::size_t colon = std::min(text.find(':'), text.size());
  if (colon > k_longest) return "a text of " + std::to_string(text.size()) + " bytes";
  return "\"" + std::string(text.substr(0, colon)) + (colon < text.size() ? ":…\"" : "\"");
}

std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::optional<SettingFlaw> text_flaw(std::string_view text) {
  if (text.find_first_not_of(" \t") == std::string_view::npos)
    return SettingFlaw{"expected some text, found an empty string",
                       "write the value or remove the key"};
  if (has_control_character(text))
    return SettingFlaw{"expected plain text, found a control character in it",
                       "remove the character"};
  return std::nullopt;
}

std::optional<SettingFlaw> written_path_flaw(std::string_view path) {
  if (path.starts_with('/'))
    return SettingFlaw{"expected a path relative to the workspace, found an absolute one",
                       "write a path within the workspace: runpin writes there"};
  if (climbs(path))
    return SettingFlaw{
        "expected a path within the workspace, found one that climbs out with \"..\"",
        "write a path within the workspace: runpin writes there"};
  return std::nullopt;
}

bool is_source_key(std::string_view key) {
  const auto allowed = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !key.empty() && key[0] >= 'A' && key[0] <= 'Z' &&
         std::all_of(key.begin(), key.end(), allowed);
}

Judged<HandleSource> read_source(std::string_view text) {
  constexpr std::string_view k_output = "output:", k_m2 = "m2:";
  if (text == "registry") return HandleSource{SourceClass::k_registry_literal, "", ""};
  const bool output = text.starts_with(k_output);
  if (output || text.starts_with(k_m2)) {
    const std::string_view name = text.substr(output ? k_output.size() : k_m2.size());
    if (!name.empty() && name.find_first_of(" \t") == std::string_view::npos)
      return HandleSource{output ? SourceClass::k_stack_output : SourceClass::k_m2_handoff,
                          std::string(name), ""};
  }
  return tl::unexpected(SettingFlaw{
      "expected \"registry\", \"output:NAME\" or \"m2:FIELD\", found " + shown(text),
      "name the stack output or the field of the M2 receipt that has the handle's value"});
}

Judged<Backend> read_backend(std::string_view text, const std::vector<BackendKind>& allowed) {
  for (const BackendKind kind : allowed) {
    const BackendForm& form = form_of(kind);
    const std::size_t colon = text.find(':');
    if (text.substr(0, colon) != form.word) continue;
    const bool has_colon = colon != std::string_view::npos;
    const std::string_view target = has_colon ? text.substr(colon + 1) : std::string_view{};
    if (has_colon == form.target.empty() || target.empty() != form.target.empty())
      return tl::unexpected(SettingFlaw{
          "expected " + spelled(form) + ", found " + shown(text),
          form.target.empty() ? "write the word alone: what it needs comes from the registry"
                              : "write the path behind the colon"});
    if (auto flaw = target_flaw(kind, target)) return tl::unexpected(std::move(*flaw));
    return Backend{kind, std::string(target), ""};
  }
  return tl::unexpected(SettingFlaw{"expected " + choices_of(allowed) + ", found " + shown(text),
                                    "write one of them"});
}

std::string_view nearest_name(std::string_view name, const std::vector<std::string_view>& known) {
  const std::size_t near = std::max<std::size_t>(2, name.size() / 3);
  std::string_view nearest;
  std::size_t fewest = std::min(near, name.size() > 0 ? name.size() - 1 : 0) + 1;
  for (const std::string_view candidate : known) {
    const std::size_t edits = edits_between(name, candidate);
    if (edits < fewest) {
      fewest = edits;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace runpin
