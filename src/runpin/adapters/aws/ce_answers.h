// AWS Cost Explorer answers as values.
#pragma once

#include <string>
#include <vector>

#include "runpin/adapters/aws/parsed.h"
#include "runpin/base/bytes.h"
#include "runpin/canon/decimal.h"

namespace runpin {

struct CostOfPeriod {
  std::string start;  // "2026-02-01"
  std::string end;    // exclusive
  Decimal amount;     // exactly as the answer's text has it
  std::string unit;   // "USD"
  bool estimated = false;
};

struct CostPage {
  std::vector<CostOfPeriod> periods;
  std::string next_page_token;  // "" on the last page
};

// The body of a 200.
Parsed<CostPage> parse_cost_page(ByteView json);

}  // namespace runpin
