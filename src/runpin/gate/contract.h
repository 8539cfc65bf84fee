// What every lane owes: its artifacts with their least fields, its checks, its blockers. A lane's
// own file holds its contract; this header is the shape of it. The names are those of shared
// contract documents and never change freely: other programs read the artifacts by them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runpin/gate/blocker.h"

namespace runpin {

struct ArtifactContract {
  std::string name;
  std::vector<std::string> fields;   // least fields; absent is null, never left out
  std::string incomplete_code = {};  // raised when it lacks a field; "": codes.incomplete
};

struct BlockerContract {
  std::string code;
  Severity severity;
  std::string phase_code;
  std::string means;
};

// The blocker codes with which the engine itself can refuse a lane.
struct EngineCodes {
  std::string local_write;           // a local artifact could not be written
  std::string publish;               // a durable artifact could not be published
  std::string read_back;             // the bytes read back differ
  std::string incomplete;            // an artifact is missing or lacks a field
  std::string secret;                // secret material in what would be published
  std::string missing_upstream;      // evidence of a lane it reads is missing or unreadable
  std::string broken_evidence = {};  // what a run stands on does not verify; "" where the
                                     // lane closes no run
  std::string false_advance = {};  // an artifact would advance what has blockers; "" where the lane
                                   // states no verdict
};

struct LaneContract {
  std::string lane;  // "M3.D"
  char letter;       // 'd': the word for `--to`, the prefix of execution ids ("m3d_") and artifacts
  std::string slug;
  std::string title;
  std::vector<std::string> reads;           // lanes whose summaries it reads
  std::vector<ArtifactContract> artifacts;  // without the execution summary, which all lanes share
  std::vector<std::string> checks;
  std::vector<BlockerContract> blockers;
  EngineCodes codes;
  std::string publish_check;      // the check id under which publication is recorded
  std::string receipts_artifact;  // which artifact carries the receipts and facts; "" where the
                                  // summary does
  bool always_runs = false;       // runs also behind lanes that are not green (M3.I, M3.J)
  bool writes_first = false;      // writes objects of the run while it gathers (M3.B, M3.E)

  std::string execution_id_prefix() const { return std::string("m3") + letter + "_"; }
  std::string next_gate() const { return lane + "_READY"; }
  std::string summary_name() const {
    return std::string("m3") + letter + "_execution_summary.json";
  }
  const BlockerContract* blocker(std::string_view code) const;
};

// The fields of every execution summary.
const std::vector<std::string>& summary_fields();

inline constexpr std::string_view k_phase = "M3";
inline constexpr std::string_view k_phase_id = "P1";
inline constexpr int k_max_collision_suffix = 20;  // the retry law of M3.B

// The handles that M3.A must find resolved, in the plan's order.
const std::vector<std::string>& required_handles();

const std::vector<std::string>& correlation_required_fields();
const std::vector<std::string>& permitted_reset_classes();

// ^platform_[0-9]{8}T[0-9]{6}Z(_[0-9]{2})?$
bool is_platform_run_id(std::string_view text);

}  // namespace runpin
