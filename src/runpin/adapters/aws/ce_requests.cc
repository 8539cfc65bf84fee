#include "runpin/adapters/aws/ce_requests.h"

namespace runpin {

HttpRequest get_cost_and_usage(const AwsEndpoint& to, const CostWindow& window,
                               const std::string& next_page_token) {
  Json body =
      object({{"TimePeriod", object({{"Start", window.start.date()}, {"End", window.end.date()}})},
              {"Granularity", "MONTHLY"},
              {"Metrics", array({"UnblendedCost"})}});
  if (!next_page_token.empty()) body.set("NextPageToken", next_page_token);
  return json_request(to, "AWSInsightsIndexService.GetCostAndUsage", "1.1", body);
}

}  // namespace runpin
