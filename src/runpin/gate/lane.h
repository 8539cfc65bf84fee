// The shape of a lane: gather what is needed from the world, judge it purely, and a row that says
// what it owes.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runpin/base/instant.h"
#include "runpin/gate/contract.h"
#include "runpin/gate/field_names.h"
#include "runpin/gate/layout.h"
#include "runpin/gate/reservation.h"
#include "runpin/gate/world.h"

namespace runpin {

enum class LaneState {
  k_green,       // its summary is there, whole, and says overall_pass
  k_held,        // its summary is there, whole, and has blockers
  k_stopped,     // it did not run, because a lane that it reads is not green
  k_absent,      // there is no summary
  k_unreadable,  // a summary or artifact is there but cannot be read, or does not hold together
};
std::string_view name_of(LaneState state);

// What durable storage says of one lane's execution, under standard field names.
struct LaneEvidence {
  LaneState state = LaneState::k_absent;
  ExecutionId execution_id;
  std::string reason;            // why it is not green, for people; "" when it is
  bool is_durable = true;        // false: only local files say it, as the store did not take it
  bool is_out_of_reach = false;  // k_unreadable only because the store gave no answer
  Json summary;                  // null unless green or held
  std::string summary_key;
  Sha256 summary_sha256;
  std::map<std::string, Json>
      artifacts;  // by name, without the summary; only what the summary lists
};

// What a lane reads of the lanes before it, all of it from durable storage.
struct Upstream {
  std::map<std::string, LaneEvidence> lanes;  // by "M3.B"
  std::vector<LaneEvidence>
      superseded;  // earlier executions of this run that a resume replaced, oldest first

  // Every execution that this run may have evidence of, from its first attempt's M3.A to this lane.
  std::vector<ExecutionId> executions;

  // A lane that was not read is absent.
  const LaneEvidence& lane(std::string_view name) const;
  const Json& artifact(std::string_view lane, std::string_view name) const;
};

// What a lane execution knows of itself.
struct LaneContext {
  const LaneContract* lane = nullptr;
  const Layout* layout = nullptr;
  const FieldNames* names = nullptr;
  std::vector<const LaneContract*> contract;  // of all lanes, in chain order
  ExecutionId execution_id;
  Stamp stamp;
  Instant now;                            // the run's or resume's one instant
  std::optional<ExecutionId> supersedes;  // the execution that this one replaces
  std::vector<Instant> earlier;           // a resume: the instants of the run's attempts so far
  Reservation reservation;                // of this attempt; no artifact may show its nonce
};

// Where an artifact of `execution` lies, for a blocker's `where`; the bare name where there is no
// such execution.
std::string place_of(const LaneContext& context, const ExecutionId& execution,
                     std::string_view artifact);

using Facts = Json;  // an object of facts; see facts.h

// What to do about a check of runpin against itself that fails.
inline constexpr std::string_view k_defect_fix =
    "report this as a defect of runpin, then runpin run";

// Collects blockers by code; what a code means and how severe it is stands in the lane's contract.
class Blockers {
 public:
  explicit Blockers(const LaneContract& lane) : lane_(lane) {}
  // A fix that names neither gets the command behind it that goes on from there: runpin run after
  // S1, else runpin resume. REQUIRES: `code` is one of the lane's codes.
  void raise(std::string_view code, Explanation says);
  bool raised(std::string_view code) const;
  bool empty() const { return all_.empty(); }
  const std::vector<Blocker>& all() const { return all_; }

 private:
  const LaneContract& lane_;
  std::vector<Blocker> all_;
};

// The outcome of judging: blockers, and the bodies of the artifacts. The engine fills in what is
// the same everywhere: execution_id, phase_id, overall_pass, platform_run_id where the body leaves
// it out, receipts, blocker registers.
struct Judgement {
  using Bodies = std::vector<std::pair<std::string, Json>>;  // by artifact name
  std::vector<Blocker> blockers;
  Bodies bodies;
  // For lanes whose bodies follow from their blockers, as a verdict does: the bodies given all of
  // the lane's own blockers, those that the engine adds among them. May refer to what was judged.
  std::function<Bodies(const std::vector<Blocker>& own)> restate;
  std::vector<std::pair<std::string, std::string>>
      copies;            // artifact name -> a further durable key for the same bytes
  Json platform_run_id;  // what this execution pins or belongs to; null before M3.B
};

struct Lane {
  LaneContract contract;
  Facts (*gather)(const LaneContext& context, const Upstream& up, World& world);
  Judgement (*judge)(const LaneContext& context, const Upstream& up, const Facts& facts);
};

}  // namespace runpin
