// The sample's cost export: FOCUS 1.2, CSV, one charge for every day of 2025 to 2030. It depends on
// no clock, so that a run at any instant of those years finds its month, and a month's charges stay
// below half of the first budget alert.
#pragma once

#include <string>

#include "runpin/canon/decimal.h"

namespace runpin::cli {

struct SampleBilling {
  std::string account;
  std::string currency;
  std::string region;
  Decimal alert_1;
};

std::string sample_costs_csv(const SampleBilling& billing);

}  // namespace runpin::cli
