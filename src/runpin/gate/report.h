// Where a run stands, told from its lanes' evidence: what `run`, `resume` and `status` all show.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runpin/gate/lane.h"
#include "runpin/gate/verdict.h"

namespace runpin {

struct LaneReport {
  const LaneContract* lane = nullptr;
  LaneEvidence evidence;          // its artifacts may be left unread
  std::vector<Blocker> blockers;  // those of its summary; an unreadable lane has none
};

struct RunReport {
  Stamp stamp;           // of the newest attempt
  Json platform_run_id;  // null where not pinned yet
  Json scenario_run_id;
  Json config_digest;
  Json verdict;            // ADVANCE_TO_M4 or HOLD_M3; null where no verdict was asked for (`--to`)
  std::string hold_class;  // "" when nothing holds the run
  std::vector<LaneReport> lanes;  // in chain order; lanes that were not asked for are absent
  std::string next_gate;          // the last green lane's, "" before M3.A is green
  std::vector<std::pair<std::string, std::int64_t>>
      lane_milliseconds;  // of this process; for the log only

  ExitCode exit_code() const { return exit_code_of(hold_class); }
};

// Builds the report. `wanted`: the last lane that was asked for. An ADVANCE is only ever reported
// from an M3.J that is green over lanes that all are; a lane that should have evidence and has none
// holds the run.
RunReport report_of(const Stamp& stamp, std::vector<LaneReport> lanes, char wanted);

// {platform_run_id, scenario_run_id, config_digest, verdict, hold_class, exit_code, lanes: [{lane,
// execution_id, overall_pass, blockers, state, summary_key, summary_sha256, reason}]}; the last
// lane's summary is the root that `verify --root` takes. A lane without durable evidence has null
// for key and SHA-256.
Json to_json(const RunReport& report);

}  // namespace runpin
