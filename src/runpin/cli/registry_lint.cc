// runpin registry lint: every line of the registry that needs a hand, with its place, rule and fix.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "runpin/canon/json_writer.h"
#include "runpin/cli/load_workspace.h"
#include "runpin/cli/read_file.h"
#include "runpin/cli/registry_command.h"
#include "runpin/cli/withheld.h"
#include "runpin/registry/finding_rules.h"
#include "runpin/report/registry_sarif.h"

namespace runpin::cli {
namespace {

struct Options {
  std::string format = "text";
};

void add(CLI::App& app, Options& options) {
  app.add_option("--format", options.format, "text (default), json, or sarif for code scanners")
      ->type_name("FORMAT");
  app.footer(
      "Exits 3 when there is a finding of level error, otherwise 0. SARIF names the registry as "
      "it\n"
      "is reached from the current directory, or from the workspace where -w leads out of it.");
}

Style style_for(FindingLevel level) {
  switch (level) {
    case FindingLevel::k_error:
      return Style::k_bad;
    case FindingLevel::k_warning:
      return Style::k_warning;
    case FindingLevel::k_note:
      return Style::k_dim;
  }
  return Style::k_bad;
}

std::size_t count(const std::vector<Finding>& findings, FindingLevel level) {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [level](const Finding& finding) { return finding.level == level; }));
}

// "1 error", "2 errors"
std::string counted(const std::vector<Finding>& findings, FindingLevel level) {
  const std::size_t number = count(findings, level);
  return fmt::format("{} {}{}", number, name_of(level), number == 1 ? "" : "s");
}

Json as_json(const Finding& finding, const std::string& path) {
  return object({{"rule", finding.rule},
                 {"level", name_of(finding.level)},
                 {"key", finding.key.empty() ? Json() : Json(finding.key)},
                 {"message", finding.message},
                 {"path", path},
                 {"line", finding.position.line},
                 {"column", finding.position.column},
                 {"fix", finding.fix}});
}

Json report(const std::vector<Finding>& findings, const std::string& path, int code) {
  Json::Array list;
  for (const Finding& finding : findings) list.push_back(as_json(finding, path));
  return object({{"registry", path},
                 {"findings", std::move(list)},
                 {"errors", count(findings, FindingLevel::k_error)},
                 {"warnings", count(findings, FindingLevel::k_warning)},
                 {"notes", count(findings, FindingLevel::k_note)},
                 {"exit_code", code}});
}

void print_lines(const std::vector<Finding>& findings, const std::string& path, Output& output) {
  for (const Finding& finding : findings)
    output.line(fmt::format("{}: {}: {} [{}] {}", where(path, finding.position),
                            output.paint(style_for(finding.level), name_of(finding.level)),
                            finding.message, finding.rule, finding.fix));
  output.progress(fmt::format("{}: {}, {}, {}", path, counted(findings, FindingLevel::k_error),
                              counted(findings, FindingLevel::k_warning),
                              counted(findings, FindingLevel::k_note)));
}

// Scanners place findings within a checkout, so the path must be relative and stay inside.
std::string path_for_sarif(const std::string& path, const std::string& in_workspace) {
  const auto normal = std::filesystem::path(path).lexically_normal();
  const bool inside = normal.is_relative() && *normal.begin() != "..";
  return (inside ? normal : std::filesystem::path(in_workspace).lexically_normal()).string();
}

int run(const Options& options, Context& context) {
  const bool sarif = options.format == "sarif";
  if (options.format != "text" && options.format != "json" && !sarif)
    return context.output.error({ErrorKind::k_usage, "'" + options.format + "' is no lint format",
                                 "--format", "use text, json or sarif"});
  const auto loaded = load_workspace(context.directory);
  if (!loaded) return context.output.error(loaded.error());
  const auto& findings = loaded->registry.findings();
  const std::string path = below(loaded->directory, loaded->registry.path());
  const int code = count(findings, FindingLevel::k_error) > 0 ? k_hold : k_success;
  if (options.format == "text" && !context.output.json()) {
    print_lines(findings, path, context.output);
    return code;
  }
  const Json document = document_without_secrets(
      sarif ? registry_sarif(loaded->registry, loaded->registry_text,
                             path_for_sarif(path, loaded->registry.path()), RUNPIN_VERSION)
            : report(findings, path, code));
  context.output.document(document);
  context.output.text(pretty(document));
  return code;
}

}  // namespace

Command registry_lint_command() {
  return make_command("lint", "Findings with file, line and column", add, run);
}

}  // namespace runpin::cli
