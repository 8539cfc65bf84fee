// What AWS billed, as Cost Explorer says: unblended cost of the whole account (of a management
// account: of all its members).
#pragma once

#include "runpin/adapters/aws/aws_client.h"
#include "runpin/adapters/aws/aws_endpoint.h"
#include "runpin/adapters/aws/ce_answers.h"
#include "runpin/ports/cost_source.h"

namespace runpin {

// The sum of `periods` by currency; `charges` is their number. Flawed when they do not cover the
// window's days once each, in order; no period at all is an answer without charges.
Parsed<CostAnswer> sum_of(const std::vector<CostOfPeriod>& periods, const CostWindow& window);

class CostExplorerSource final : public CostSource {
 public:
  // Borrows `client`.
  CostExplorerSource(AwsClient& client, AwsEndpoint endpoint)
      : client_(client), endpoint_(std::move(endpoint)) {}

  // k_usage for a window that is longer than a month or does not begin and end at midnight: Cost
  // Explorer knows days.
  Result<CostAnswer> billed(const CostWindow& window) override;
  std::string name() const override { return "cost-explorer"; }

 private:
  Result<CostPage> ask(const CostWindow& window, const std::string& token);

  AwsClient& client_;
  AwsEndpoint endpoint_;
};

}  // namespace runpin
