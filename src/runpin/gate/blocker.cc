#include "runpin/gate/blocker.h"

namespace runpin {

std::string_view name_of(Severity severity) {
  return severity == Severity::k_s1 ? "S1" : "S2";
}

std::optional<Severity> severity_of(std::string_view name) {
  if (name == "S1") return Severity::k_s1;
  if (name == "S2") return Severity::k_s2;
  return {};
}

Json to_json(const Blocker& b) {
  return object({{"code", b.code},
                 {"phase_code", b.phase_code},
                 {"severity", name_of(b.severity)},
                 {"message", b.says.message},
                 {"expected", b.says.expected},
                 {"found", b.says.found},
                 {"where", b.says.where},
                 {"fix", b.says.fix}});
}

Json to_json(const std::vector<Blocker>& blockers) {
  Json list = Json::Array{};
  for (const Blocker& blocker : blockers) list.push(to_json(blocker));
  return list;
}

std::optional<Blocker> blocker_from_json(const Json& json) {
  for (const char* field : {"code", "phase_code", "message", "expected", "found", "where", "fix"})
    if (!json[field].if_string()) return {};
  const auto severity = severity_of(json["severity"].text());
  if (!severity) return {};
  return Blocker{json["code"].text(),
                 json["phase_code"].text(),
                 *severity,
                 {json["message"].text(), json["expected"].text(), json["found"].text(),
                  json["where"].text(), json["fix"].text()}};
}

std::optional<std::vector<Blocker>> blockers_from_json(const Json& json) {
  if (!json.is_array()) return {};
  std::vector<Blocker> blockers;
  for (const Json& item : json.items()) {
    auto blocker = blocker_from_json(item);
    if (!blocker) return {};
    blockers.push_back(std::move(*blocker));
  }
  return blockers;
}

}  // namespace runpin
