#include "runpin/report/registry_sarif.h"

#include <fmt/format.h>

#include <algorithm>

#include "runpin/registry/finding_rules.h"
#include "runpin/report/registry_edit.h"
#include "runpin/report/text_lines.h"

namespace runpin {
namespace {

constexpr const char* k_schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

// RFC 3986: whatever is not unreserved is escaped, the separators of the path apart.
std::string uri_of(const std::string& path) {
  constexpr std::string_view k_unreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
  std::string uri;
  for (const char c : path)
    uri += k_unreserved.find(c) != std::string_view::npos
               ? std::string(1, c)
               : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return uri;
}

Json text_of(std::string text) {
  return object({{"text", std::move(text)}});
}

Json rule_descriptors() {
  Json rules = Json::Array{};
  for (const FindingRule& rule : finding_rules())
    rules.push(object({{"id", rule.id},
                       {"shortDescription", text_of(rule.summary)},
                       {"fullDescription", text_of(rule.summary + " " + rule.help)},
                       {"help", text_of(rule.help)},
                       {"defaultConfiguration", object({{"level", name_of(rule.level)}})}}));
  return rules;
}

// Where in rule_descriptors(); -1, which SARIF reads as absent, for a rule that is not there.
int rule_index(const std::string& rule) {
  const auto& rules = finding_rules();
  const auto found = std::find_if(rules.begin(), rules.end(),
                                  [&](const FindingRule& known) { return known.id == rule; });
  return found == rules.end() ? -1 : static_cast<int>(found - rules.begin());
}

class SarifLog {
 public:
  SarifLog(const Registry& registry, std::string_view text, const std::string& path)
      : registry_(registry), lines_(text), location_(object({{"uri", uri_of(path)}})) {}

  Json results() const {
    Json results = Json::Array{};
    for (const Finding& finding : registry_.findings()) results.push(result_of(finding));
    return results;
  }

 private:
  Json result_of(const Finding& finding) const {
    Json result = object(
        {{"ruleId", finding.rule},
         {"ruleIndex", rule_index(finding.rule)},
         {"level", name_of(finding.level)},
         {"message", text_of(fmt::format("{}. To mend it: {}.", finding.message, finding.fix))},
         {"locations", array({object({{"physicalLocation",
                                       object({{"artifactLocation", location_},
                                               {"region", begin_of(finding.position)}})}})})}});
    if (const auto edit = edit_for(finding, registry_, lines_))
      result.set("fixes", array({fix_of(*edit)}));
    return result;
  }

  Json begin_of(Position position) const {
    return object({{"startLine", position.line}, {"startColumn", lines_.utf16_column(position)}});
  }

  Json fix_of(const RegistryEdit& edit) const {
    Json region = begin_of(edit.begin);
    region.set("endLine", edit.end.line);
    region.set("endColumn", lines_.utf16_column(edit.end));
    Json change = object({{"artifactLocation", location_},
                          {"replacements", array({object({{"deletedRegion", region}})})}});
    return object({{"description", text_of(edit.description + ".")},
                   {"artifactChanges", array({std::move(change)})}});
  }

  const Registry& registry_;
  TextLines lines_;
  Json location_;
};

}  // namespace

Json registry_sarif(const Registry& registry, std::string_view text, const std::string& path,
                    const std::string& version) {
  const Json driver =
      object({{"name", "runpin"}, {"version", version}, {"rules", rule_descriptors()}});
  return object(
      {{"$schema", k_schema},
       {"version", "2.1.0"},
       {"runs", array({object({{"tool", object({{"driver", driver}})},
                               {"columnKind", "utf16CodeUnits"},
                               {"results", SarifLog(registry, text, path).results()}})})}});
}

}  // namespace runpin
