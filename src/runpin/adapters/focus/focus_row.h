// One charge of a FOCUS export. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runpin/adapters/focus/csv.h"
#include "runpin/base/instant.h"
#include "runpin/canon/decimal.h"

namespace runpin {

struct FocusCharge {
  Decimal billed_cost;
  std::string currency;
  Instant start;
  Instant end;
  std::optional<Instant> billing_period_start;  // absent: the file has no such column
  bool estimated = false;
  Position position;  // of ChargePeriodStart
};

// Where the columns stand that focus_cost_source.h reads.
class FocusColumns {
 public:
  // k_malformed as focus_cost() says.
  static Result<FocusColumns> find(const CsvRow& header, const std::string& path);
  Result<FocusCharge> read(const CsvRow& row, const std::string& path) const;

 private:
  Result<bool> read_estimated(const CsvRow& row, const std::string& path) const;

  std::size_t width_ = 0;
  std::size_t billed_cost_ = 0;
  std::size_t currency_ = 0;
  std::size_t start_ = 0;
  std::size_t end_ = 0;
  std::optional<std::size_t> billing_start_;
  std::optional<std::size_t> invoice_id_;
  std::optional<std::size_t> estimated_;
  std::optional<std::size_t> estimated_lower_;
};

// An instant in any of the forms that focus_cost_source.h lists; nothing when it is in none.
std::optional<Instant> read_focus_instant(std::string_view text);

}  // namespace runpin
