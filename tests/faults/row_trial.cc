#include "tests/faults/row_trial.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <set>
#include <stdexcept>

#include "runpin/base/bytes.h"
#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"

namespace runpin::testing {
namespace {

// They only say that another lane is held.
const std::set<std::string> k_derived{"M3I-B2", "M3J-B2", "M3J-B3"};

std::vector<Blocker> blockers_of(const Outcome& outcome) {
  std::vector<Blocker> all;
  if (outcome.report)
    for (const LaneReport& lane : outcome.report->lanes)
      all.insert(all.end(), lane.blockers.begin(), lane.blockers.end());
  return all;
}

std::string expected_place(const FaultRow& row, const Platform& platform, const std::string& base) {
  if (row.where.starts_with('@')) return platform.place_of_handle(row.where.substr(1));
  if (row.where.starts_with('=')) return platform.place_of_value(row.where.substr(1));
  std::string place = replace_all(row.where, "{base}", base);
  place = replace_all(place, "{stamp}", platform.stamp());
  place = replace_all(place, "{second}", platform.stamp().substr(0, 16));
  if (place == "{receipt}")
    for (const auto& [key, bytes] : platform.durable())
      if (key.ends_with("/reset_receipt.json")) place = key;
  return place.find("{run}") == std::string::npos ? place
                                                  : replace_all(place, "{run}", platform.run_id());
}

void walk(const Json& json, const std::function<void(const std::string&, const Json&)>& visit,
          const std::string& name = "") {
  visit(name, json);
  for (const auto& [key, value] : json.members()) walk(value, visit, key);
  for (const Json& item : json.items()) walk(item, visit, name);
}

bool rollup_is_green(const Outcome& outcome) {
  for (const LaneReport& lane : outcome.report->lanes)
    if (lane.lane->letter < 'j' && lane.evidence.state != LaneState::k_green) return false;
  return true;
}

// A rollup that is green over eight green lanes has every right to ADVANCE_TO_M3J.
void find_claims(const std::string& place, const std::string& bytes, bool rollup_may_advance,
                 std::vector<std::string>& claims) {
  if (bytes.find(a_secret()) != std::string::npos) claims.push_back("the secret is in " + place);
  const auto json = read_json(bytes, place);
  if (!json) return;
  walk(*json, [&](const std::string& name, const Json& value) {
    const bool ready = name == "m4_entry_ready" && value.is_true();
    const bool to_m3j = value.text() == "ADVANCE_TO_M3J" && !rollup_may_advance;
    if (ready || value.text() == "ADVANCE_TO_M4" || to_m3j)
      claims.push_back(fmt::format("{} says {} {}", place, name, canonical(value)));
  });
}

void check_words(const Blocker& blocker, std::vector<std::string>& faults) {
  const Explanation& says = blocker.says;
  for (const auto& [name, text] : {std::pair{"message", says.message},
                                   {"expected", says.expected},
                                   {"found", says.found},
                                   {"where", says.where},
                                   {"fix", says.fix}}) {
    if (text.empty()) faults.push_back(fmt::format("{} has no {}", blocker.code, name));
    if (text.find('\n') != std::string::npos)
      faults.push_back(fmt::format("{}: its {} is more than one line", blocker.code, name));
  }
}

void check_blocker(const FaultRow& row, const Blocker& blocker, const std::string& place,
                   std::vector<std::string>& faults) {
  const auto expect = [&](std::string_view what, std::string_view expected,
                          std::string_view found) {
    if (expected != found) faults.push_back(fmt::format("{} is {}, not {}", what, found, expected));
  };
  expect("severity", row.severity, name_of(blocker.severity));
  expect("phase code", row.phase, blocker.phase_code);
  expect("where", place, blocker.says.where);
}

// The blocker of the row's code at the row's place.
const Blocker* find_blocker(const FaultRow& row, const std::vector<Blocker>& blockers,
                            const std::string& place, const std::string& fix) {
  const Blocker* found = nullptr;
  for (const Blocker& blocker : blockers) {
    if (blocker.code != row.code) continue;
    const bool meant =
        blocker.says.where == place && blocker.says.fix.find(fix) != std::string::npos;
    if (!found || meant) found = &blocker;
    if (meant) break;
  }
  return found;
}

std::set<std::string> primary_codes(const std::vector<Blocker>& blockers) {
  std::set<std::string> codes;
  for (const Blocker& blocker : blockers)
    if (!k_derived.contains(blocker.code)) codes.insert(blocker.code);
  return codes;
}

// What a refusal owes whatever its fault.
void check_refusal(const FaultRow& row, const Platform& platform, const Outcome& outcome,
                   std::vector<std::string>& faults) {
  if (!outcome.report) {
    faults.push_back("the command failed: " + one_line(outcome.error));
    return;
  }
  if (outcome.exit_code != row.exit)
    faults.push_back(fmt::format("the exit code is {}, not {}", outcome.exit_code, row.exit));
  const std::vector<Blocker> blockers = blockers_of(outcome);
  for (const Blocker& blocker : blockers) check_words(blocker, faults);
  std::set<std::string> expected(row.also.begin(), row.also.end());
  if (!k_derived.contains(row.code)) expected.insert(row.code);
  const std::set<std::string> raised = primary_codes(blockers);
  if (raised != expected)
    faults.push_back(fmt::format("raised are {}, not {}", join({raised.begin(), raised.end()}, " "),
                                 join({expected.begin(), expected.end()}, " ")));
  for (std::string& claim : false_claims(platform, outcome)) faults.push_back(std::move(claim));
}

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : line + " ") {
    if (c != ' ')
      word += c;
    else if (!word.empty())
      words.push_back(std::exchange(word, ""));
  }
  return words;
}

// The commands in a fix, placeholders filled in, in their order, up to the run or resume.
std::vector<std::vector<std::string>> commands_in(const std::string& fix) {
  static const RE2 k_command(
      "runpin (reset record [^,;]*|approve cost [^,;]*|orchestrator (?:create|stop) [^,)]*|"
      "resume\\b|run\\b)");
  std::vector<std::vector<std::string>> commands;
  re2::StringPiece rest(fix);
  std::string command;
  while (RE2::FindAndConsume(&rest, k_command, &command)) {
    for (const auto& [placeholder, value] :
         {std::pair{"--class C", "--class service_runtime_reset"},
          {"--actor A", "--actor on-duty"},
          {"--reason R", "--reason mended"},
          {"--scope S", "--scope M3"}})
      command = replace_all(command, placeholder, value);
    commands.push_back(words_of(command));
    if (command == "run" || command == "resume") break;
  }
  return commands;
}

// Gives the commands as they stand there, up to the run or resume; nothing when they name neither.
std::optional<Outcome> give(Platform& platform, const std::string& fix,
                            std::vector<std::string>& faults) {
  for (const auto& command : commands_in(fix)) {
    if (command.front() == "run") return platform.run();
    if (command.front() == "resume") return platform.resume();
    if (platform.command(command) != 0) faults.push_back("fails: runpin " + join(command, " "));
  }
  return {};
}

// Does what the fix says: the edit first, then its commands. After NO_GO nothing goes on before
// they were given.
Outcome apply(const FaultRow& row, Platform& platform, const std::string& fix,
              const Outcome& refused, std::vector<std::string>& faults) {
  row.mend(platform);
  if (refused.exit_code == 4 && platform.resume().report)
    faults.push_back("after NO_GO, resume goes on without a reset receipt");
  if (auto outcome = give(platform, fix, faults)) return *outcome;
  faults.push_back("the fix names no command to go on with: " + fix);
  return refused;
}

}  // namespace

std::vector<std::string> false_claims(const Platform& platform, const Outcome& outcome) {
  std::vector<std::string> claims;
  const bool may_advance = rollup_is_green(outcome);
  for (const auto& objects : {platform.durable(), platform.local()})
    for (const auto& [place, bytes] : objects)
      if (place.find("_" + platform.stamp() + "/") != std::string::npos)
        find_claims(place, bytes, may_advance, claims);
  find_claims("the report", pretty(to_json(*outcome.report)), may_advance, claims);
  return claims;
}

std::vector<std::string> advance_faults(const Platform& platform, const Outcome& outcome) {
  if (!outcome.report) return {"the command failed: " + one_line(outcome.error)};
  std::vector<std::string> faults;
  if (outcome.exit_code != 0 || outcome.report->verdict != Json("ADVANCE_TO_M4"))
    faults.push_back(fmt::format("it does not advance: exit {}, {}", outcome.exit_code,
                                 outcome.report->hold_class));
  for (const Blocker& blocker : blockers_of(outcome))
    if (!k_derived.contains(blocker.code))
      faults.push_back(fmt::format("{}: {} (found {}, where {}, fix {})", blocker.code,
                                   blocker.says.message, blocker.says.found, blocker.says.where,
                                   blocker.says.fix));
  const auto objects = platform.durable();
  const auto receipt = objects.find(platform.key('j', "m4_entry_readiness_receipt.json"));
  const auto body =
      receipt == objects.end() ? Json() : read_json(receipt->second, "").value_or(Json());
  if (!body["m4_entry_ready"].is_true()) faults.push_back("M4 may not enter");
  return faults;
}

void break_platform(Platform& platform, const std::vector<const FaultRow*>& rows, char after) {
  if (after != 0 && platform.run(after).exit_code != 0)
    throw std::runtime_error("a sound platform does not run");
  for (const FaultRow* row : rows) row->prepare(platform);
  for (const FaultRow* row : rows) row->inject(platform);
}

Trial try_row(const FaultRow& row) {
  Trial trial;
  Platform platform;
  break_platform(platform, {&row}, row.after);
  const std::string base = platform.stamp();
  const Outcome refused = row.after == 0 ? platform.run() : platform.resume();
  check_refusal(row, platform, refused, trial.faults);
  const std::string place = expected_place(row, platform, base);
  const std::string fix_says =
      replace_all(replace_all(row.fix, "{base}", base), "{run}",
                  row.fix.find("{run}") == std::string::npos ? "" : platform.run_id());
  const std::vector<Blocker> blockers = blockers_of(refused);
  const Blocker* blocker = find_blocker(row, blockers, place, fix_says);
  if (!blocker) return trial;
  check_blocker(row, *blocker, place, trial.faults);
  if (blocker->says.fix.find(fix_says) == std::string::npos)
    trial.faults.push_back(fmt::format("the fix is '{}', not '{}'", blocker->says.fix, fix_says));
  const auto before = platform.durable();
  const std::string refused_stamp = platform.stamp();
  const Outcome cured = apply(row, platform, blocker->says.fix, refused, trial.faults);
  const auto wrong = advance_faults(platform, cured);
  for (const std::string& fault : wrong) trial.faults.push_back("after the cure: " + fault);
  trial.cured = wrong.empty();
  const auto after = platform.durable();
  for (const auto& [key, bytes] : before)
    if (key.find(refused_stamp) != std::string::npos &&
        (!after.contains(key) || after.at(key) != bytes))
      trial.faults.push_back("the failed attempt did not keep " + key);
  return trial;
}

}  // namespace runpin::testing
