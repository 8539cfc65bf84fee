#include "runpin/lanes/runbook.h"

#include <algorithm>
#include <sstream>

#include "runpin/gate/facts.h"

namespace runpin {
namespace {

constexpr std::string_view k_classes_law = "Mandatory reset classes";

// Text as it reads: no emphasis marks, one blank for any run of white space.
std::string plain(std::string_view markdown) {
  std::string text;
  for (const char c : markdown) {
    if (c == '*' || c == '_' || c == '`') continue;
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!blank)
      text += c;
    else if (!text.empty() && text.back() != ' ')
      text += ' ';
  }
  return text;
}

// The text of a list item, or nothing when `line` begins none.
std::optional<std::string> list_item(std::string_view line) {
  const auto start = line.find_first_not_of(" \t");
  if (start == std::string_view::npos) return {};
  line.remove_prefix(start);
  if (line.size() > 1 && std::string_view("-*+").find(line[0]) != std::string_view::npos &&
      line[1] == ' ')
    return plain(line.substr(2));
  const auto digits = line.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string_view::npos || digits + 1 >= line.size()) return {};
  if ((line[digits] != '.' && line[digits] != ')') || line[digits + 1] != ' ') return {};
  return plain(line.substr(digits + 2));
}

// "service/runtime reset", "data replay reset from …" -> "service_runtime_reset",
// "data_replay_reset"
std::string class_name(const std::string& item) {
  std::string name;
  for (const char c : item.substr(0, item.find("(")))
    name += (c >= 'A' && c <= 'Z')                               ? static_cast<char>(c + 32)
            : ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) ? c
                                                                 : '_';
  const auto reset = name.find("reset");
  if (reset != std::string::npos) name.resize(reset + 5);
  const auto first = name.find_first_not_of('_');
  return first == std::string::npos ? "" : name.substr(first);
}

std::vector<std::string> classes_after(std::string_view markdown) {
  std::vector<std::string> classes;
  std::istringstream lines{std::string(markdown)};
  bool reading = false;
  for (std::string line; std::getline(lines, line);) {
    if (!reading) {
      reading = plain(line).find(k_classes_law) != std::string::npos;
      continue;
    }
    if (const auto item = list_item(line))
      classes.push_back(class_name(*item));
    else if (line.find_first_not_of(" \t\r") != std::string::npos && !line.starts_with("  "))
      break;
  }
  return classes;
}

std::optional<std::vector<std::string>> correlation_span(std::string_view markdown) {
  for (auto open = markdown.find('`'); open != std::string_view::npos;) {
    const auto close = markdown.find('`', open + 1);
    if (close == std::string_view::npos) return {};
    const auto fields = split_list(markdown.substr(open + 1, close - open - 1));
    if (fields.size() > 1 &&
        std::find(fields.begin(), fields.end(), "platform_run_id") != fields.end())
      return fields;
    open = markdown.find('`', close + 1);
  }
  return {};
}

}  // namespace

Runbook parse_runbook(std::string_view markdown) {
  Runbook runbook;
  const std::string text = plain(markdown);
  for (const std::string_view law :
       {std::string_view("Never rerun by deleting append-only truth surfaces"),
        std::string_view("Rerun from failed phase boundary"), k_classes_law})
    runbook.laws.push_back({std::string(law), text.find(law) != std::string::npos});
  runbook.reset_classes = classes_after(markdown);
  runbook.correlation_fields = correlation_span(markdown);
  return runbook;
}

Json gather_runbook(World& world) {
  const std::string& path = world.workspace().runbook.value;
  const Result<Bytes> bytes = world.documents().read(path);
  if (!bytes) return fact_of(bytes.error()).set("path", path);
  const Runbook runbook = parse_runbook(*bytes);
  Json laws = Json::Array{};
  for (const RunbookLaw& law : runbook.laws)
    laws.push(object({{"text", law.text}, {"found", law.found}}));
  return fact_of(
             object({{"laws", laws},
                     {"reset_classes", Json(runbook.reset_classes)},
                     {"correlation_fields",
                      runbook.correlation_fields ? Json(*runbook.correlation_fields) : Json()}}))
      .set("path", path);
}

}  // namespace runpin
