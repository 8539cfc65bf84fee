// Billed cost from an export by the FinOps Open Cost and Usage Specification, FOCUS 1.2, as CSV.
#pragma once

#include <string>
#include <string_view>

#include "runpin/ports/cost_source.h"
#include "runpin/ports/documents.h"

namespace runpin {

// Adds up BilledCost by BillingCurrency over the rows whose ChargePeriodStart lies within `window`,
// credits and corrections (negative amounts) among them. A charge that reaches beyond the window's
// end counts whole: it is billed. One that reaches into the window from before counts whole where
// its BillingPeriodStart lies within the window, and not at all where that is earlier. Columns are
// found by name, in any order, among any others. Every row must parse, whether it counts or not.
//
// Values: BilledCost a decimal number (AWS also writes 6.123E-7); BillingCurrency three capital
// letters; instants in UTC as FOCUS has them, 2026-02-01T00:00:00Z, as exports write them besides,
// with a fraction of a second, without seconds (2026-02-01T00:00Z), or as 2026-02-01 00:00:00, with
// or without " UTC".
//
// estimated: a counted row says true in x_Estimated or x_estimated, or has no InvoiceId although
// the file has that column. FOCUS 1.2 leaves InvoiceId null while a charge belongs to no invoice,
// issued or provisional, and until then it may change. A file without both columns says nothing
// about it, and neither does this.
//
// partial: no charge of the window's last day, or none at all. Counted for this, a charge reaches
// at most a day from its start: a monthly fee dated to the month's end does not show that the days
// before it are in the file.
//
// k_malformed, with path:line:column of the cell: a column that is missing or stands there twice, a
// row with more or fewer cells than the header, a value of another form, a charge that ends before
// it starts, one that reaches into the window in a file without BillingPeriodStart, a last row
// without its line end, bytes that are not UTF-8.
Result<CostAnswer> focus_cost(std::string_view csv, const std::string& path,
                              const CostWindow& window);

// focus_cost() over one of the workspace's files, plain or gzip (told by its first bytes, at most
// 256 MiB unpacked). Errors also as Documents::read(). REQUIRES: `documents` outlives this.
class FocusCostSource final : public CostSource {
 public:
  FocusCostSource(Documents& documents, std::string path)
      : documents_(documents), path_(std::move(path)) {}

  Result<CostAnswer> billed(const CostWindow& window) override;
  std::string name() const override { return "focus:" + path_; }

 private:
  Documents& documents_;
  std::string path_;
};

}  // namespace runpin
