#include "runpin/cli/sample_costs.h"

#include <fmt/format.h>

#include <array>

#include "runpin/base/instant.h"

namespace runpin::cli {
namespace {

constexpr int k_first_year = 2025;
constexpr int k_last_year = 2030;
constexpr std::int64_t k_day = 86400;

constexpr std::array k_services = {"Amazon Simple Storage Service", "AWS Step Functions",
                                   "Amazon Managed Streaming for Apache Kafka",
                                   "Amazon Elastic Kubernetes Service", "AmazonCloudWatch"};

// What a day costs, as a part of the first alert. 31 days of the dearest stay below 0.5.
constexpr std::array k_day_parts = {"0.0118", "0.0121", "0.0109", "0.0134",
                                    "0.0127", "0.0098", "0.0102"};

std::string charge_row(const SampleBilling& billing, Instant day, std::size_t number) {
  const Decimal part = *Decimal::parse(k_day_parts[number % k_day_parts.size()]);
  const Instant month = day.month_start();
  const Instant next_month =
      Instant::from_unix_seconds(month.unix_seconds() + 31 * k_day).month_start();
  return fmt::format("{},{},{},{},{},Usage,{},{},AWS,{},{}\n", (billing.alert_1 * part).str(),
                     billing.account, billing.currency, next_month.rfc3339(), month.rfc3339(),
                     day.next_day_start().rfc3339(), day.rfc3339(), billing.region,
                     k_services[number % k_services.size()]);
}

}  // namespace

std::string sample_costs_csv(const SampleBilling& billing) {
  std::string csv =
      "BilledCost,BillingAccountId,BillingCurrency,BillingPeriodEnd,BillingPeriodStart,"
      "ChargeCategory,"
      "ChargePeriodEnd,ChargePeriodStart,ProviderName,RegionId,ServiceName\n";
  const Instant end = *Instant::parse_rfc3339(fmt::format("{}-01-01T00:00:00Z", k_last_year + 1));
  Instant day = *Instant::parse_rfc3339(fmt::format("{}-01-01T00:00:00Z", k_first_year));
  for (std::size_t number = 0; day < end; ++number, day = day.next_day_start())
    csv += charge_row(billing, day, number);
  return csv;
}

}  // namespace runpin::cli
