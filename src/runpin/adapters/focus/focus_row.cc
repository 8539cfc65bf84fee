#include "runpin/adapters/focus/focus_row.h"

#include <fmt/format.h>

#include <algorithm>

#include "runpin/base/shown.h"

namespace runpin {
namespace {

tl::unexpected<Error> refuse(const CsvCell& cell, const std::string& path, std::string message) {
  return fail(ErrorKind::k_malformed, std::move(message), where(path, cell.position),
              "export the file again, or correct this cell");
}

tl::unexpected<Error> wrong_value(const CsvCell& cell, const std::string& path,
                                  std::string_view column, std::string_view expected) {
  return refuse(cell, path,
                fmt::format("{}: expected {}, found {}", column, expected, shown_value(cell.text)));
}

// The index of the column called `name`, if there is one.
Result<std::optional<std::size_t>> find_column(const CsvRow& header, const std::string& path,
                                               std::string_view name) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (header[i].text != name) continue;
    if (found) return refuse(header[i], path, fmt::format("the column {} stands here twice", name));
    found = i;
  }
  return found;
}

bool is_currency(std::string_view text) {
  return text.size() == 3 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// true, false, or nothing for neither; an empty cell is false. Any case, since exporters differ.
std::optional<bool> read_flag(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (text == "true") return true;
  if (text == "false" || text.empty()) return false;
  return {};
}

Result<Instant> read_instant(const CsvCell& cell, const std::string& path,
                             std::string_view column) {
  if (const auto instant = read_focus_instant(cell.text)) return *instant;
  return wrong_value(cell, path, column, "an instant in UTC such as 2026-02-01T00:00:00Z");
}

}  // namespace

std::optional<Instant> read_focus_instant(std::string_view text) {
  constexpr std::size_t k_date = 10, k_to_minutes = 16;
  constexpr std::string_view k_utc = " UTC";
  std::string rfc3339(text);
  if (text.size() > k_date && text[k_date] == ' ') {
    rfc3339[k_date] = 'T';
    if (rfc3339.ends_with(k_utc)) rfc3339.resize(rfc3339.size() - k_utc.size());
    if (rfc3339.back() >= '0' && rfc3339.back() <= '9' && rfc3339.find('+') == std::string::npos)
      rfc3339 += 'Z';
  } else if (text.size() == k_to_minutes + 1 && text[k_to_minutes] == 'Z') {
    rfc3339.insert(k_to_minutes, ":00");
  }
  const auto instant = Instant::parse_rfc3339(rfc3339);
  if (!instant) return {};
  return *instant;
}

Result<FocusColumns> FocusColumns::find(const CsvRow& header, const std::string& path) {
  FocusColumns columns;
  columns.width_ = header.size();
  const std::pair<std::string_view, std::size_t*> required[] = {
      {"BilledCost", &columns.billed_cost_},
      {"BillingCurrency", &columns.currency_},
      {"ChargePeriodStart", &columns.start_},
      {"ChargePeriodEnd", &columns.end_}};
  for (const auto& [name, place] : required) {
    const auto found = find_column(header, path, name);
    if (!found) return tl::unexpected(found.error());
    if (!*found)
      return fail(ErrorKind::k_malformed, fmt::format("the header has no column {}", name),
                  where(path, {}), "export cost and usage as FOCUS 1.2");
    *place = **found;
  }
  const std::pair<std::string_view, std::optional<std::size_t>*> optional[] = {
      {"BillingPeriodStart", &columns.billing_start_},
      {"InvoiceId", &columns.invoice_id_},
      {"x_Estimated", &columns.estimated_},
      {"x_estimated", &columns.estimated_lower_}};
  for (const auto& [name, place] : optional) {
    const auto found = find_column(header, path, name);
    if (!found) return tl::unexpected(found.error());
    *place = *found;
  }
  return columns;
}

Result<FocusCharge> FocusColumns::read(const CsvRow& row, const std::string& path) const {
  if (row.size() != width_)
    return refuse(row.size() > width_ ? row[width_] : row.back(), path,
                  fmt::format("expected {} cells as in the header, found {}", width_, row.size()));
  FocusCharge charge;
  const auto cost = Decimal::parse(row[billed_cost_].text);
  if (!cost)
    return wrong_value(row[billed_cost_], path, "BilledCost", "a decimal number such as -12.50");
  charge.billed_cost = *cost;
  charge.currency = row[currency_].text;
  if (!is_currency(charge.currency))
    return wrong_value(row[currency_], path, "BillingCurrency",
                       "three capital letters such as USD");
  const auto start = read_instant(row[start_], path, "ChargePeriodStart");
  if (!start) return tl::unexpected(start.error());
  const auto end = read_instant(row[end_], path, "ChargePeriodEnd");
  if (!end) return tl::unexpected(end.error());
  if (*end < *start)
    return wrong_value(row[end_], path, "ChargePeriodEnd",
                       "an instant not before ChargePeriodStart");
  charge.start = *start;
  charge.end = *end;
  charge.position = row[start_].position;
  if (billing_start_) {
    const auto billed = read_instant(row[*billing_start_], path, "BillingPeriodStart");
    if (!billed) return tl::unexpected(billed.error());
    charge.billing_period_start = *billed;
  }
  const auto estimated = read_estimated(row, path);
  if (!estimated) return tl::unexpected(estimated.error());
  charge.estimated = *estimated;
  return charge;
}

Result<bool> FocusColumns::read_estimated(const CsvRow& row, const std::string& path) const {
  bool estimated = invoice_id_ && row[*invoice_id_].text.empty();
  for (const auto& column : {estimated_, estimated_lower_}) {
    if (!column) continue;
    const auto flag = read_flag(row[*column].text);
    if (!flag) return wrong_value(row[*column], path, "x_Estimated", "true or false");
    estimated = estimated || *flag;
  }
  return estimated;
}

}  // namespace runpin
