#include "runpin/adapters/aws/ce_answers.h"

#include <algorithm>

#include "runpin/base/instant.h"
#include "runpin/canon/json_reader.h"

namespace runpin {
namespace {

bool is_unit(const std::string& text) {
  return text.size() == 3 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_date(const std::string& text) {
  return Instant::parse_rfc3339(text + "T00:00:00Z").has_value();
}

Parsed<CostOfPeriod> read_period(const Json& result) {
  const Json& period = result["TimePeriod"];
  const Json& cost = result["Total"]["UnblendedCost"];
  const bool* estimated = result["Estimated"].if_bool();
  if (!is_date(period["Start"].text()) || !is_date(period["End"].text()))
    return flaw("a result has no TimePeriod of dates");
  if (const Json& groups = result["Groups"]; !groups.is_null() && groups != Json(Json::Array{}))
    return flaw("a result has Groups, which nobody asked for");
  if (!cost.is_object()) return flaw("a result has no Total.UnblendedCost");
  if (!estimated) return flaw("a result does not say whether it is Estimated");
  const auto amount = Decimal::parse(cost["Amount"].text());
  if (!amount) return flaw("an Amount is no decimal number");
  if (!is_unit(cost["Unit"].text())) return flaw("a Unit is no currency code");
  return CostOfPeriod{period["Start"].text(), period["End"].text(), *amount, cost["Unit"].text(),
                      *estimated};
}

}  // namespace

Parsed<CostPage> parse_cost_page(ByteView json) {
  const auto body = read_json(json, "answer");
  if (!body) return flaw(one_line(body.error()));
  const Json& results = (*body)["ResultsByTime"];
  if (!results.is_array()) return flaw("\"ResultsByTime\" is missing or no list");
  CostPage page;
  for (const Json& result : results.items()) {
    auto period = read_period(result);
    if (!period) return flaw(period.error());
    page.periods.push_back(*std::move(period));
  }
  const Json& next = (*body)["NextPageToken"];
  if (!next.is_null() && !next.if_string()) return flaw("\"NextPageToken\" is no text");
  page.next_page_token = next.text();
  return page;
}

}  // namespace runpin
