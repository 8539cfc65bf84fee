// AWS Cost Explorer requests as values, unsigned.
// Source: docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html
#pragma once

#include <string>

#include "runpin/adapters/aws/json_request.h"
#include "runpin/ports/cost_source.h"

namespace runpin {

// UnblendedCost of the window's days as one monthly sum; `next_page_token` is "" for the first
// page. REQUIRES: the window begins and ends at midnight, within one month or at its end.
HttpRequest get_cost_and_usage(const AwsEndpoint& to, const CostWindow& window,
                               const std::string& next_page_token);

}  // namespace runpin
