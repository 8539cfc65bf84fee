// One call that left the process: which check it served, what was asked of whom, and what came of
// it. Never headers, credentials or bodies; never a duration or a retry count, which go to the log.
#pragma once

#include <string>
#include <vector>

#include "runpin/canon/json.h"

namespace runpin {

struct Receipt {
  std::string check_id;   // "M3D-V2-SFN-EXISTS"
  std::string operation;  // "orchestrator.list_state_machines"
  std::string target;     // object key, path, ARN; "" where the operation has none
  std::string outcome;    // "ok", "absent", "failed"
  std::string status;     // "3 found", "created", or the error's kind
};

Json to_json(const Receipt& receipt);
Json to_json(const std::vector<Receipt>& receipts);

}  // namespace runpin
