#include "runpin/adapters/aws/cost_explorer_source.h"

#include <algorithm>

#include "runpin/adapters/aws/ce_requests.h"
#include "runpin/adapters/aws/service_error.h"

namespace runpin {
namespace {

Asked asked() {
  return {"Cost Explorer", "GetCostAndUsage", "ce:GetCostAndUsage", "cost-explorer"};
}

bool is_midnight(const Instant& instant) {
  return instant.unix_seconds() % 86'400 == 0;
}

Result<void> check_window(const CostWindow& window) {
  const Instant last = Instant::from_unix_seconds(window.end.unix_seconds() - 1);
  const bool whole_days = is_midnight(window.start) && is_midnight(window.end);
  if (whole_days && window.start < window.end && window.start.month_start() == last.month_start())
    return {};
  return fail(ErrorKind::k_usage, "Cost Explorer is asked for whole days of one month at a time",
              window.start.rfc3339() + " to " + window.end.rfc3339());
}

}  // namespace

CostAnswer sum_of(const std::vector<CostOfPeriod>& periods, const CostWindow& window) {
  CostAnswer answer;
  answer.origin = "cost-explorer";
  std::string first, last;
  for (const CostOfPeriod& period : periods) {
    Decimal& sum = answer.billed_by_currency[period.unit];
    sum = sum + period.amount;
    ++answer.charges;
    answer.estimated = answer.estimated || period.estimated;
    first = first.empty() ? period.start : std::min(first, period.start);
    last = std::max(last, period.end);
  }
  answer.partial = first != window.start.date() || last != window.end.date();
  return answer;
}

Result<CostPage> CostExplorerSource::ask(const CostWindow& window, const std::string& token) {
  const auto answer = client_.call(
      {get_cost_and_usage(endpoint_, window, token), endpoint_.scope, Repeatable::k_yes});
  if (!answer) return tl::unexpected(answer.error());
  const HttpResponse& response = answer->response;
  if (response.status != 200)
    return tl::unexpected(error_of(asked(), response.status, json_error(response)));
  auto page = parse_cost_page(response.body);
  if (!page) return tl::unexpected(malformed_answer(asked(), page.error()));
  return *std::move(page);
}

Result<CostAnswer> CostExplorerSource::billed(const CostWindow& window) {
  if (auto valid = check_window(window); !valid) return tl::unexpected(valid.error());
  std::vector<CostOfPeriod> periods;
  std::string token;
  while (true) {
    const auto page = ask(window, token);
    if (!page) return tl::unexpected(page.error());
    periods.insert(periods.end(), page->periods.begin(), page->periods.end());
    if (page->next_page_token.empty()) return sum_of(periods, window);
    if (page->next_page_token == token)
      return tl::unexpected(malformed_answer(asked(), "its pages do not move on"));
    token = page->next_page_token;
  }
}

}  // namespace runpin
