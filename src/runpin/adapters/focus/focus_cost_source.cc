#include "runpin/adapters/focus/focus_cost_source.h"

#include <algorithm>
#include <optional>

#include "runpin/adapters/focus/csv.h"
#include "runpin/adapters/focus/focus_row.h"
#include "runpin/adapters/focus/gunzip.h"

namespace runpin {
namespace {

constexpr std::int64_t k_day = 86'400;
constexpr std::size_t k_max_unpacked_bytes = 256u << 20;

// Adds up charges as they come.
class Tally {
 public:
  Tally(const CostWindow& window, const std::string& path) : window_(window), path_(path) {}

  Result<void> add(const FocusCharge& charge) {
    const auto counts = belongs(charge);
    if (!counts) return tl::unexpected(counts.error());
    if (!*counts) return {};
    Decimal& sum = answer_.billed_by_currency[charge.currency];
    sum = sum + charge.billed_cost;
    ++answer_.charges;
    answer_.estimated = answer_.estimated || charge.estimated;
    const auto reach = std::min(charge.end.unix_seconds(), charge.start.unix_seconds() + k_day);
    reach_ = std::max(reach_.value_or(reach), reach);
    return {};
  }

  CostAnswer answer() && {
    answer_.partial = !reach_ || *reach_ < window_.end.unix_seconds() - k_day;
    return std::move(answer_);
  }

 private:
  // A charge that began before the window and reaches into it was billed either with the month
  // before or with this one, and only its billing period says with which.
  Result<bool> belongs(const FocusCharge& charge) const {
    if (charge.start >= window_.start) return charge.start < window_.end;
    if (charge.end <= window_.start) return false;
    if (charge.billing_period_start) return *charge.billing_period_start >= window_.start;
    return fail(ErrorKind::k_malformed,
                "the charge reaches into this month from before, and without a column "
                "BillingPeriodStart nothing says which month it is billed in",
                where(path_, charge.position),
                "export the file again with BillingPeriodStart, which FOCUS 1.2 asks for");
  }

  CostWindow window_;
  const std::string& path_;
  CostAnswer answer_;
  std::optional<std::int64_t>
      reach_;  // the latest instant that a counted charge shows to be in the file
};

Result<void> check_utf8(std::string_view csv, const std::string& path) {
  std::size_t offset = 0;
  if (is_utf8(csv, &offset)) return {};
  return fail(ErrorKind::k_malformed, "the file is not UTF-8",
              where(path, position_at(csv, offset)), "export the file again as UTF-8");
}

}  // namespace

Result<CostAnswer> focus_cost(std::string_view csv, const std::string& path,
                              const CostWindow& window) {
  if (auto valid = check_utf8(csv, path); !valid) return tl::unexpected(valid.error());
  CsvReader reader(csv, path);
  CsvRow row;
  const auto header = reader.next(row);
  if (!header) return tl::unexpected(header.error());
  if (!*header)
    return fail(ErrorKind::k_malformed, "the file is empty, expected a FOCUS header",
                where(path, {}), "export cost and usage as FOCUS 1.2");
  const auto columns = FocusColumns::find(row, path);
  if (!columns) return tl::unexpected(columns.error());
  Tally tally(window, path);
  while (true) {
    const auto more = reader.next(row);
    if (!more) return tl::unexpected(more.error());
    if (!*more) break;
    const auto charge = columns->read(row, path);
    if (!charge) return tl::unexpected(charge.error());
    if (auto added = tally.add(*charge); !added) return tl::unexpected(added.error());
  }
  if (!csv.ends_with('\n'))
    return fail(ErrorKind::k_malformed,
                "the last row has no line end, so it may be cut off within its last value",
                where(path, position_at(csv, csv.size())),
                "export or copy the file again; where it is whole, end it with a line feed");
  CostAnswer answer = std::move(tally).answer();
  answer.origin = "focus:" + path;
  return answer;
}

Result<CostAnswer> FocusCostSource::billed(const CostWindow& window) {
  auto bytes = documents_.read(path_);
  if (!bytes) return tl::unexpected(bytes.error());
  if (is_gzip(*bytes)) bytes = gunzip(*bytes, path_, k_max_unpacked_bytes);
  if (!bytes) return tl::unexpected(bytes.error());
  return focus_cost(*bytes, path_, window);
}

}  // namespace runpin
