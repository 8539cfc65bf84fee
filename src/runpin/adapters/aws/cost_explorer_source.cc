#include "runpin/adapters/aws/cost_explorer_source.h"

#include <algorithm>

#include "runpin/adapters/aws/ce_requests.h"
#include "runpin/adapters/aws/page_walk.h"
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

// The periods follow each other from the window's first day to its last, each day in one of them.
Parsed<void> check_cover(const std::vector<CostOfPeriod>& periods, const CostWindow& window) {
  std::string covered_to = window.start.date();
  for (const CostOfPeriod& period : periods) {
    if (period.start != covered_to || period.end <= period.start)
      return flaw("its periods do not follow each other from the first day asked for");
    covered_to = period.end;
  }
  if (covered_to != window.end.date()) return flaw("its periods do not end with the day asked for");
  return {};
}

}  // namespace

Parsed<CostAnswer> sum_of(const std::vector<CostOfPeriod>& periods, const CostWindow& window) {
  CostAnswer answer;
  answer.origin = "cost-explorer";
  answer.partial = periods.empty();
  if (periods.empty()) return answer;
  if (const auto covers = check_cover(periods, window); !covers) return flaw(covers.error());
  for (const CostOfPeriod& period : periods) {
    Decimal& sum = answer.billed_by_currency[period.unit];
    sum = sum + period.amount;
    ++answer.charges;
    answer.estimated = answer.estimated || period.estimated;
  }
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
  PageWalk<std::string> walk;
  while (true) {
    auto page = ask(window, walk.token());
    if (!page) return tl::unexpected(page.error());
    std::move(page->periods.begin(), page->periods.end(), std::back_inserter(periods));
    if (page->next_page_token.empty()) break;
    if (const auto moved = walk.move_on(std::move(page->next_page_token)); !moved)
      return tl::unexpected(malformed_answer(asked(), moved.error()));
  }
  auto sum = sum_of(periods, window);
  if (!sum) return tl::unexpected(malformed_answer(asked(), sum.error()));
  return *std::move(sum);
}

}  // namespace runpin
