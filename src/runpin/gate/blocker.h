// Why a lane refuses: data, the same everywhere it appears (summary, register, status, --json).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runpin/canon/json.h"

namespace runpin {

enum class Severity { k_s1, k_s2 };  // S1: only a reset can help. S2: remediate and resume.
std::string_view name_of(Severity severity);
std::optional<Severity> severity_of(std::string_view name);

// What a judge says about a fault; code, severity and phase code come from the lane's contract.
struct Explanation {
  std::string message;  // one sentence: what does not hold
  std::string expected;
  std::string found;  // never secret material
  std::string where;  // path:line:column, object key, ARN: one place to look at
  std::string fix;    // one command or one edit
};

struct Blocker {
  std::string code;        // "M3D-B2"
  std::string phase_code;  // "M3-B4"
  Severity severity = Severity::k_s1;
  Explanation says;
};

// {code, phase_code, severity, message, expected, found, where, fix}, all strings.
Json to_json(const Blocker& blocker);
Json to_json(const std::vector<Blocker>& blockers);

// The inverse; nothing when a field is missing or the severity is unknown.
std::optional<Blocker> blocker_from_json(const Json& json);
std::optional<std::vector<Blocker>> blockers_from_json(const Json& json);

}  // namespace runpin
