#include "runpin/adapters/focus/focus_cost_source.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <map>
#include <random>

#include "runpin/adapters/focus/focus_row.h"
#include "runpin/adapters/focus/gunzip.h"

namespace runpin {
namespace {

Instant at(const std::string& text) {
  return Instant::parse_rfc3339(text).value();
}

const CostWindow k_february{at("2026-02-01T00:00:00Z"), at("2026-02-23T17:43:07Z")};

constexpr char k_header[] = "BilledCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd\n";

std::string row(const std::string& cost, const std::string& currency, const std::string& start,
                const std::string& end) {
  return cost + "," + currency + "," + start + "," + end + "\n";
}

std::string day(const std::string& cost, int d, const std::string& currency = "USD") {
  const auto date = [](int n) { return (n < 10 ? "2026-02-0" : "2026-02-") + std::to_string(n); };
  return row(cost, currency, date(d) + "T00:00:00Z", date(d + 1) + "T00:00:00Z");
}

Result<CostAnswer> cost(const std::string& csv) {
  return focus_cost(csv, "aws.csv", k_february);
}

std::string sums(const CostAnswer& answer) {
  std::string text;
  for (const auto& [currency, amount] : answer.billed_by_currency)
    text += currency + " " + amount.str() + " ";
  return text + std::to_string(answer.charges);
}

std::string sums(const std::string& csv) {
  const auto answer = cost(csv);
  return answer ? sums(*answer) : one_line(answer.error());
}

// Documents of one file, in memory.
class OneDocument final : public Documents {
 public:
  explicit OneDocument(Bytes bytes) : bytes_(std::move(bytes)) {}
  Result<Bytes> read(const std::string& path) override {
    if (path != "inputs/aws.csv") return fail(ErrorKind::k_not_found, "no such file", path);
    return bytes_;
  }
  Result<void> check_appendable(const std::string& path) override {
    return fail(ErrorKind::k_denied, "read-only", path);
  }
  Result<void> append_once(const std::string& path, ByteView, ByteView) override {
    return fail(ErrorKind::k_denied, "read-only", path);
  }

 private:
  Bytes bytes_;
};

Bytes gzip(const Bytes& bytes) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  Bytes packed(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

TEST(FocusCost, AddsUpExactlyAndByCurrency) {
  EXPECT_EQ(sums(k_header + day("0.1", 1) + day("0.2", 2) + day("-0.05", 3) + day("6.123E-7", 4) +
                 day("100", 5, "EUR") + day("0", 6, "GBP")),
            "EUR 100 GBP 0 USD 0.2500006123 6");
}

TEST(FocusCost, FindsColumnsByNameAmongAnyOthers) {
  EXPECT_EQ(sums("\xef\xbb\xbf"
                 "Tags,ChargePeriodEnd,x_Any,BillingCurrency,\"BilledCost\",ChargePeriodStart\r\n"
                 "\"{\"\"a\"\":\"\"b,c\n\"\"}\",2026-02-02T00:00:00Z,,USD,\"1.5\",2026-02-01T00:00:"
                 "00Z\r\n"),
            "USD 1.5 1");
}

TEST(FocusCost, CountsAChargeByItsStart) {
  const std::pair<std::string, int> starts[] = {{"2026-02-01T00:00:00Z", 1},
                                                {"2026-02-23T17:43:06Z", 1},
                                                {"2026-02-23T17:43:07Z", 0},
                                                {"2026-03-01T00:00:00Z", 0}};
  for (const auto& [start, counted] : starts)
    EXPECT_EQ(cost(k_header + row("1", "USD", start, "2026-03-02T00:00:00Z"))->charges,
              static_cast<std::size_t>(counted))
        << start;
}

TEST(FocusCost, CountsAChargeFromBeforeWhereItIsBilledThisMonth) {
  const std::string reaching = row("7", "USD", "2026-01-20T00:00:00Z", "2026-02-20T00:00:00Z");
  const auto billed = [&](const std::string& start) {
    return sums("BillingPeriodStart," + std::string(k_header) + start + "," + reaching +
                "2026-02-01T00:00:00Z," + day("1", 22));
  };
  EXPECT_EQ(billed("2026-01-01T00:00:00Z"), "USD 1 1");
  EXPECT_EQ(billed("2026-02-01T00:00:00Z"), "USD 8 2");
  const auto unknown = cost(k_header + day("1", 22) + reaching);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().where, "aws.csv:3:7");
  EXPECT_NE(unknown.error().message.find("reaches into this month"), std::string::npos);
  EXPECT_EQ(sums(k_header + day("1", 22) +
                 row("7", "USD", "2026-01-20T00:00:00Z", "2026-02-01T00:00:00Z")),
            "USD 1 1");
}

TEST(FocusCost, RefusesAFileThatIsCutOffAnywhereButAtALinesEnd) {
  const std::string csv = k_header + day("1250", 21) + day("1.25", 22);
  for (std::size_t length = 1; length < csv.size(); ++length) {
    const auto answer = cost(csv.substr(0, length));
    EXPECT_EQ(answer.has_value(), csv[length - 1] == '\n') << csv.substr(0, length);
  }
  const std::string last_is_cost =
      "BillingCurrency,ChargePeriodStart,ChargePeriodEnd,BilledCost\n"
      "USD,2026-02-22T00:00:00Z,2026-02-23T00:00:00Z,1";
  EXPECT_EQ(cost(last_is_cost).error().where, "aws.csv:2:48");
  EXPECT_EQ(sums(last_is_cost + "250\n"), "USD 1250 1");
}

TEST(FocusCost, AFileWithoutChargesInTheWindowIsAnAnswerOfNone) {
  for (const std::string& csv :
       {std::string(k_header),
        k_header + row("1", "USD", "2025-02-01T00:00:00Z", "2025-02-02T00:00:00Z")}) {
    const auto answer = cost(csv);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->charges, 0u);
    EXPECT_TRUE(answer->billed_by_currency.empty());
    EXPECT_TRUE(answer->partial);
    EXPECT_FALSE(answer->estimated);
    EXPECT_EQ(answer->origin, "focus:aws.csv");
  }
}

TEST(FocusCost, ReadsInstantsAsExportsWriteThem) {
  for (const char* text :
       {"2026-02-01T00:00:00Z", "2026-02-01T00:00:00.000Z", "2026-02-01T00:00:00+00:00",
        "2026-02-01T00:00Z", "2026-02-01 00:00:00", "2026-02-01 00:00:00.123456",
        "2026-02-01 00:00:00 UTC", "2026-02-01 00:00:00.5 UTC", "2026-02-01 00:00:00Z",
        "2026-02-01 00:00:00+00:00"})
    EXPECT_EQ(read_focus_instant(text), k_february.start) << text;
  for (const char* text :
       {"", "2026-02-01", "2026-02-01T00:00:00", "2026-02-01T00:00:00-05:00",
        "2026-02-01 00:00:00-05:00", "2026-02-01 00:00:00+01:00", "2026-02-01 00:00",
        "2026-02-30 00:00:00", "02/01/2026", "2026-02-01 00:00:00 PST", "2026-02-01 ",
        "2026-02-01T24:00:00Z", "1769904000"})
    EXPECT_EQ(read_focus_instant(text), std::nullopt) << text;
}

TEST(FocusCost, PointsAtTheCellThatDoesNotParse) {
  const std::string good = day("1", 1);
  const struct {
    std::string csv, where, message;
  } rows[] = {
      {"", "aws.csv:1:1", "the file is empty, expected a FOCUS header"},
      {"\n", "aws.csv:1:1", "the header has no column BilledCost"},
      {"BilledCost,BillingCurrency,ChargePeriodStart\n", "aws.csv:1:1",
       "the header has no column ChargePeriodEnd"},
      {"BilledCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,BilledCost\n", "aws.csv:1:62",
       "the column BilledCost stands here twice"},
      {"InvoiceId,BilledCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,InvoiceId\n",
       "aws.csv:1:72", "the column InvoiceId stands here twice"},
      {k_header + good + day("1,000", 2), "aws.csv:3:32",
       "expected 4 cells as in the header, found 5"},
      {k_header + good + "1,USD\n", "aws.csv:3:3", "expected 4 cells as in the header, found 2"},
      {k_header + good + "\n" + good, "aws.csv:3:1", "expected 4 cells as in the header, found 1"},
      {k_header + day("$1", 1), "aws.csv:2:1",
       "BilledCost: expected a decimal number such as -12.50, found '$1'"},
      {k_header + day("", 1), "aws.csv:2:1",
       "BilledCost: expected a decimal number such as -12.50, found ''"},
      {k_header + day("1", 1, "usd"), "aws.csv:2:3",
       "BillingCurrency: expected three capital letters such as USD, found 'usd'"},
      {k_header + day("1", 1, "USDT"), "aws.csv:2:3",
       "BillingCurrency: expected three capital letters such as USD, found 'USDT'"},
      {k_header + row("1", "USD", "02/01/2026", "2026-02-02T00:00:00Z"), "aws.csv:2:7",
       "ChargePeriodStart: expected an instant in UTC such as 2026-02-01T00:00:00Z, found "
       "'02/01/2026'"},
      {k_header + row("1", "USD", "2026-02-01T00:00:00Z", ""), "aws.csv:2:28",
       "ChargePeriodEnd: expected an instant in UTC such as 2026-02-01T00:00:00Z, found ''"},
      {k_header + row("1", "USD", "2026-02-02T00:00:00Z", "2026-02-01T00:00:00Z"), "aws.csv:2:28",
       "ChargePeriodEnd: expected an instant not before ChargePeriodStart, found "
       "'2026-02-01T00:00:00Z'"},
      {k_header + row("x", "USD", "2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z"), "aws.csv:2:1",
       "BilledCost: expected a decimal number such as -12.50, found 'x'"},
      {k_header + good + "\"1", "aws.csv:3:1", "the cell's quote is never closed"},
      {k_header + std::string("1,\xff"), "aws.csv:2:3", "the file is not UTF-8"},
      {"x_Estimated," + std::string(k_header) + "maybe," + good, "aws.csv:2:1",
       "x_Estimated: expected true or false, found 'maybe'"},
      {k_header + day("github_pat_" + std::string(82, 'a'), 1), "aws.csv:2:1",
       "BilledCost: expected a decimal number such as -12.50, found a text of 93 characters"},
      {k_header + day("1", 1, "eyJhbGciOiJIUzI1NiJ9." + std::string(60, 'e')), "aws.csv:2:3",
       "BillingCurrency: expected three capital letters such as USD, found a text of 81 "
       "characters"},
      {k_header + row("1", "USD", "postgres://svcuser:" + std::string(32, 'p') + "@host", ""),
       "aws.csv:2:7",
       "ChargePeriodStart: expected an instant in UTC such as 2026-02-01T00:00:00Z, found a text "
       "of 56 characters"},
      {k_header + day(std::string(1'000'000, '9'), 1), "aws.csv:2:1",
       "BilledCost: expected a decimal number such as -12.50, found a text of 1000000 "
       "characters"},
  };
  for (const auto& bad : rows) {
    const auto answer = cost(bad.csv);
    ASSERT_FALSE(answer) << bad.message;
    EXPECT_EQ(answer.error().kind, ErrorKind::k_malformed);
    EXPECT_EQ(answer.error().where, bad.where) << bad.message;
    EXPECT_EQ(answer.error().message, bad.message);
    EXPECT_FALSE(answer.error().fix.empty());
  }
}

TEST(FocusCost, SaysWhenAmountsMayStillChange) {
  const auto estimated = [](const std::string& column, std::initializer_list<std::string> values) {
    std::string csv = column + "," + k_header;
    int d = 1;
    for (const std::string& value : values) csv += value + "," + day("1", d++);
    const auto answer = cost(csv);
    EXPECT_TRUE(answer) << one_line(answer.error());
    return answer && answer->estimated;
  };
  EXPECT_FALSE(estimated("Tags", {"", "true"}));
  EXPECT_FALSE(estimated("InvoiceId", {"inv-1", "inv-1"}));
  EXPECT_TRUE(estimated("InvoiceId", {"inv-1", ""}));
  EXPECT_TRUE(estimated("x_Estimated", {"false", "true"}));
  EXPECT_TRUE(estimated("x_estimated", {"TRUE", ""}));
  EXPECT_FALSE(estimated("x_Estimated", {"False", ""}));
}

TEST(FocusCost, AChargeOutsideTheWindowDoesNotMakeItEstimated) {
  EXPECT_FALSE(cost("InvoiceId," + std::string(k_header) + "i," + day("1", 1) + "," +
                    row("1", "USD", "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"))
                   ->estimated);
}

TEST(FocusCost, SaysWhenTheWindowsLastDayIsMissing) {
  const auto partial = [](const std::string& rows) { return cost(k_header + rows)->partial; };
  EXPECT_FALSE(partial(day("1", 1) + day("1", 22)));
  EXPECT_FALSE(partial(day("1", 23)));
  EXPECT_TRUE(
      partial(day("1", 1) +
              day("1", 21)));  // reaches 22 February 00:00, the window's end less a day is 17:43
  EXPECT_TRUE(partial(day("1", 1)));
  const std::string monthly = row("9", "USD", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z");
  EXPECT_TRUE(partial(monthly + day("1", 10)));
  EXPECT_FALSE(partial(monthly + day("1", 10) + day("1", 22)));
  const CostWindow first_day{at("2026-02-01T00:00:00Z"), at("2026-02-01T06:00:00Z")};
  EXPECT_FALSE(focus_cost(k_header + day("1", 1), "aws.csv", first_day)->partial);
}

TEST(FocusCost, TheOrderOfRowsDoesNotMatter) {
  std::mt19937 random(12);
  for (int i = 0; i < 200; ++i) {
    std::vector<std::string> rows;
    std::int64_t millionths = 0;
    for (auto n = 1 + random() % 30; n > 0; --n) {
      const auto part = static_cast<std::int64_t>(random() % 2'000'000'000) - 1'000'000'000;
      millionths += part;
      rows.push_back(day(std::to_string(part) + "e-6", 1 + static_cast<int>(random() % 22)));
    }
    const auto joined = [&] {
      std::string text = k_header;
      for (const std::string& r : rows) text += r;
      return text;
    };
    const auto once = cost(joined()).value();
    std::shuffle(rows.begin(), rows.end(), random);
    const auto again = cost(joined()).value();
    ASSERT_EQ(sums(once), sums(again));
    ASSERT_EQ(once.partial, again.partial);
    ASSERT_EQ(once.billed_by_currency.at("USD"),
              Decimal::parse(std::to_string(millionths) + "e-6").value());
  }
}

TEST(FocusCostSource, ReadsPlainAndGzip) {
  const std::string csv = k_header + day("1.25", 22);
  const Bytes half_and_half = gzip(csv.substr(0, 30)) + gzip(csv.substr(30));
  for (const Bytes& bytes : {csv, gzip(csv), half_and_half}) {
    OneDocument documents(bytes);
    FocusCostSource source(documents, "inputs/aws.csv");
    EXPECT_EQ(source.name(), "focus:inputs/aws.csv");
    const auto answer = source.billed(k_february);
    ASSERT_TRUE(answer) << one_line(answer.error());
    EXPECT_EQ(sums(*answer), "USD 1.25 1");
    EXPECT_EQ(answer->origin, "focus:inputs/aws.csv");
  }
}

TEST(FocusCostSource, PassesOnThatThereIsNoFile) {
  OneDocument documents("");
  const auto answer = FocusCostSource(documents, "inputs/other.csv").billed(k_february);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::k_not_found);
}

TEST(Gunzip, RefusesEveryFileThatIsCutOff) {
  const Bytes packed = gzip(k_header + day("1.25", 22));
  for (std::size_t length = 2; length < packed.size(); ++length) {
    const auto unpacked = gunzip(packed.substr(0, length), "f.gz", 1 << 20);
    ASSERT_FALSE(unpacked) << length;
    EXPECT_EQ(unpacked.error().kind, ErrorKind::k_malformed);
    EXPECT_EQ(unpacked.error().message, "the gzip file is cut off");
  }
}

TEST(Gunzip, NeverAnswersOtherBytesForADamagedFile) {
  const Bytes plain = k_header + day("1.25", 22);
  const Bytes packed = gzip(plain);
  std::size_t refused = 0;
  for (std::size_t i = 2; i < packed.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      Bytes damaged = packed;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      const auto unpacked = gunzip(damaged, "f.gz", 1 << 20);
      if (unpacked)
        EXPECT_EQ(*unpacked, plain);  // a header field that says nothing about the content
      else
        ++refused;
    }
  EXPECT_GT(refused, (packed.size() - 10) * 7);
}

TEST(Gunzip, RefusesOtherBytesBehindTheEnd) {
  EXPECT_EQ(gunzip(gzip("a") + "tail", "f.gz", 100).error().message,
            "other bytes stand behind the gzip file's end");
}

TEST(Gunzip, StopsAtTheLimit) {
  const Bytes packed = gzip(Bytes(3u << 20, 'x'));
  EXPECT_EQ(gunzip(packed, "f.gz", 3u << 20).value().size(), 3u << 20);
  EXPECT_EQ(gunzip(packed, "f.gz", 2u << 20).error().message,
            "the file unpacks to more than 2 MiB");
}

}  // namespace
}  // namespace runpin
