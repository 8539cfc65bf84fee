// FOCUS exports: CSV, plain and gzipped.
#include <algorithm>

#include "fuzz/gzipped.h"
#include "fuzz/property.h"
#include "runpin/adapters/focus/csv.h"
#include "runpin/adapters/focus/focus_cost_source.h"

namespace runpin::fuzz {
namespace {

constexpr const char* k_path = "focus.csv";

CostWindow february() {
  return {*Instant::parse_rfc3339("2026-02-01T00:00:00Z"),
          *Instant::parse_rfc3339("2026-03-01T00:00:00Z")};
}

std::string account_of(const CostAnswer& answer) {
  std::string account = std::to_string(answer.charges);
  account += answer.estimated ? " estimated" : "";
  account += answer.partial ? " partial" : "";
  for (const auto& [currency, amount] : answer.billed_by_currency)
    account.append(" ").append(currency).append(" ").append(amount.str());
  return account;
}

std::vector<CsvRow> rows_of(std::string_view csv) {
  CsvReader reader(csv, k_path);
  std::vector<CsvRow> rows;
  for (CsvRow row; reader.next(row).value_or(false);) rows.push_back(row);
  return rows;
}

// Every cell quoted.
std::string rendered(const std::vector<CsvRow>& rows, std::string_view line_end) {
  std::string csv;
  for (const CsvRow& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i)
      csv.append(i == 0 ? "\"" : ",\"").append(replace_all(row[i].text, "\"", "\"\"")).append("\"");
    csv.append(line_end);
  }
  return csv;
}

class OneFile final : public Documents {
 public:
  explicit OneFile(Bytes bytes) : bytes_(std::move(bytes)) {}
  Result<Bytes> read(const std::string&) override { return bytes_; }
  Result<void> check_appendable(const std::string&) override { return {}; }
  Result<void> append_once(const std::string&, ByteView, ByteView) override { return {}; }

 private:
  Bytes bytes_;
};

}  // namespace

void examine(std::string_view input) {
  const auto answer = focus_cost(input, k_path, february());
  if (!answer) {
    must(answer.error().kind == ErrorKind::k_malformed, "a flawed export is malformed");
    return must_explain(answer.error(), input, k_path);
  }
  const std::string account = account_of(*answer);
  std::vector<CsvRow> rows = rows_of(input);
  for (const CsvRow& row : rows)
    for (const CsvCell& cell : row) must_lie_within(input, cell.position);

  std::reverse(rows.begin() + 1, rows.end());
  for (const std::string_view line_end : {"\n", "\r\n"}) {
    const auto again = focus_cost(rendered(rows, line_end), k_path, february());
    must(again && account_of(*again) == account, "order of rows and line ends do not matter");
  }
  OneFile file(gzipped(input));
  const auto unpacked = FocusCostSource(file, k_path).billed(february());
  must(unpacked && account_of(*unpacked) == account, "a gzipped export says the same");
}

}  // namespace runpin::fuzz
