// What a provider billed within a window, by currency.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "runpin/base/instant.h"
#include "runpin/base/result.h"
#include "runpin/canon/decimal.h"

namespace runpin {

struct CostWindow {
  Instant start;  // inclusive
  Instant end;    // exclusive
};

struct CostAnswer {
  std::map<std::string, Decimal>
      billed_by_currency;   // amounts of different currencies are never added
  std::size_t charges = 0;  // line items within the window; 0 is an answer that cannot be used
  bool estimated = false;   // the provider says that amounts may still change
  bool partial = false;     // the answer does not cover the whole window up to the run's instant
  std::string origin;       // for receipts: "focus:inputs/aws_focus.csv", "cost-explorer"
};

// Errors: k_not_found, k_denied, k_unavailable, k_malformed (with path:line:column where there is
// one).
class CostSource {
 public:
  virtual ~CostSource() = default;
  virtual Result<CostAnswer> billed(const CostWindow& window) = 0;
  virtual std::string name() const = 0;
};

}  // namespace runpin
