// What the program owes, as plain data and told a second time: the artifacts with their least
// fields, the checks, and the blockers with severity and phase code. Tests hold the program against
// this table, so that a name changed in a lane's own row is found.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace runpin::testing {

struct ArtifactRow {
  std::string name;
  std::vector<std::string> fields;  // least fields
};

struct BlockerRow {
  std::string code;
  std::string severity;  // "S1", "S2"
  std::string phase_code;
  std::string means;
};

struct LaneRow {
  std::string lane;  // "M3.A"
  std::string slug;
  std::string title;
  std::string execution_id_prefix;  // "m3a_"
  std::string next_gate;
  std::vector<std::string> reads;
  std::vector<ArtifactRow> artifacts;  // without the execution summary
  std::vector<std::string> checks;
  std::vector<BlockerRow> blockers;

  // "m3a_execution_summary.json"
  std::string summary_name() const { return execution_id_prefix + "execution_summary.json"; }
};

struct ContractTable {
  std::string phase;
  std::string phase_id;
  std::vector<std::string> phase_codes;
  std::vector<std::string> required_handles;
  std::map<std::string, std::vector<std::string>> run_objects;  // by handle or name
  std::string platform_run_id_regex;
  std::vector<std::string> correlation_required_fields;
  std::vector<std::string> permitted_reset_classes;
  std::vector<std::string> rollup_verdicts;
  std::vector<std::string> phase_verdicts;
  std::vector<std::string> summary_fields;  // of every lane's execution summary
  std::vector<LaneRow> lanes;               // in chain order
};

const ContractTable& contract_table();

}  // namespace runpin::testing
