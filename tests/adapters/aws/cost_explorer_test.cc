// Wire formats as
// docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html has them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runpin/adapters/aws/ce_requests.h"
#include "runpin/adapters/aws/cost_explorer_source.h"
#include "runpin/canon/json_reader.h"
#include "tests/adapters/aws/aws_bench.h"
#include "tests/adapters/aws/endless_pages.h"

namespace runpin {
namespace {

using testing::AwsBench;
using testing::EndlessPages;

Instant at(const char* text) {
  return *Instant::parse_rfc3339(text);
}

const CostWindow k_window{at("2026-02-01T00:00:00Z"), at("2026-02-24T00:00:00Z")};

std::string period(const std::string& amount, const std::string& unit = "USD",
                   const char* estimated = "true", const char* start = "2026-02-01",
                   const char* end = "2026-02-24") {
  return std::string(R"({"TimePeriod":{"Start":")") + start + R"(","End":")" + end +
         R"("},"Total":{"UnblendedCost":{"Amount":")" + amount + R"(","Unit":")" + unit +
         R"("}},"Groups":[],"Estimated":)" + estimated + "}";
}

std::string page(const std::string& results, const std::string& more = "") {
  return R"({"ResultsByTime":[)" + results + R"(],"DimensionValueAttributes":[])" + more + "}";
}

class Pages final : public HttpTransport {
 public:
  explicit Pages(std::vector<HttpResponse> answers) : answers_(std::move(answers)) {}
  Result<HttpResponse> send(const HttpRequest& request, const HttpLimits&, bool* sent) override {
    if (sent) *sent = true;
    requests.push_back(request);
    return answers_.at(std::min(requests.size(), answers_.size()) - 1);
  }
  std::vector<HttpRequest> requests;

 private:
  std::vector<HttpResponse> answers_;
};

Result<CostAnswer> billed(std::vector<HttpResponse> answers, const CostWindow& window = k_window) {
  Pages pages(std::move(answers));
  AwsBench bench(pages);
  return CostExplorerSource(bench.client, AwsBench::endpoint(AwsService::k_cost_explorer))
      .billed(window);
}

TEST(CostExplorerRequests, AskForTheWindowsDays) {
  const HttpRequest post =
      get_cost_and_usage(*endpoint_for(AwsService::k_cost_explorer, "us-east-1"), k_window, "");
  EXPECT_EQ(post.host, "ce.us-east-1.amazonaws.com");
  EXPECT_EQ(post.headers.at("content-type"), "application/x-amz-json-1.1");
  EXPECT_EQ(post.headers.at("x-amz-target"), "AWSInsightsIndexService.GetCostAndUsage");
  EXPECT_EQ(post.body, R"({"Granularity":"MONTHLY","Metrics":["UnblendedCost"],)"
                       R"("TimePeriod":{"End":"2026-02-24","Start":"2026-02-01"}})");
}

TEST(CostExplorerSource, KeepsEveryDigit) {
  const auto answer = billed({{200, {}, page(period("123.4567890123456789012345"))}});
  ASSERT_TRUE(answer) << one_line(answer.error());
  EXPECT_EQ(answer->billed_by_currency.at("USD").str(), "123.4567890123456789012345");
  EXPECT_TRUE(answer->estimated);
  EXPECT_FALSE(answer->partial);
  EXPECT_EQ(answer->charges, 1u);
}

TEST(CostExplorerSource, AddsPagesByCurrencyAndNeverAcross) {
  Pages pages({{200,
                {},
                page(period("0.1", "USD", "true", "2026-02-01", "2026-02-02") + "," +
                         period("5", "EUR", "false", "2026-02-02", "2026-02-03"),
                     R"(,"NextPageToken":"two")")},
               {200,
                {},
                page(period("0.2", "USD", "false", "2026-02-03", "2026-02-23") + "," +
                     period("-1E-7", "EUR", "false", "2026-02-23", "2026-02-24"))}});
  AwsBench bench(pages);
  const auto answer =
      CostExplorerSource(bench.client, AwsBench::endpoint(AwsService::k_cost_explorer))
          .billed(k_window);
  ASSERT_TRUE(answer) << one_line(answer.error());
  EXPECT_EQ(answer->billed_by_currency.at("USD").str(), "0.3");
  EXPECT_EQ(answer->billed_by_currency.at("EUR").str(), "4.9999999");
  ASSERT_EQ(pages.requests.size(), 2u);
  EXPECT_EQ((*read_json(pages.requests[1].body, ""))["NextPageToken"], Json("two"));
}

TEST(CostExplorerSource, SaysThatAnAnswerHoldsNoCharge) {
  const auto nothing = billed({{200, {}, page("")}});
  EXPECT_TRUE(nothing->partial);
  EXPECT_EQ(nothing->charges, 0u);
}

std::string days(const char* start, const char* end) {
  return period("1", "USD", "true", start, end);
}

TEST(CostExplorerSource, RefusesPeriodsThatAreNotTheWindowsDaysOnceEach) {
  const std::string all = days("2026-02-01", "2026-02-24");
  for (const std::string& periods :
       {days("2026-02-01", "2026-02-20"), days("2026-02-03", "2026-02-24"),
        days("2026-02-01", "2026-02-25"), days("2026-01-01", "2026-02-01"),
        days("2026-02-23", "2026-02-24"), days("banana", "apple"), days("2026-02-01", "2026-02-1"),
        all + "," + all, days("2026-02-01", "2026-02-10") + "," + days("2026-02-11", "2026-02-24"),
        days("2026-02-01", "2026-02-10") + "," + days("2026-02-09", "2026-02-24"),
        days("2026-02-10", "2026-02-24") + "," + days("2026-02-01", "2026-02-10"),
        days("2026-02-01", "2026-02-01") + "," + all}) {
    const auto answer = billed({{200, {}, page(periods)}});
    ASSERT_FALSE(answer) << periods;
    EXPECT_EQ(answer.error().kind, ErrorKind::k_malformed) << periods;
  }
}

TEST(CostExplorerSource, RefusesAmountsInGroupsThatItDidNotAskFor) {
  std::string grouped = period("0");
  grouped.replace(grouped.find("[]"), 2,
                  R"([{"Keys":["x"],"Metrics":{"UnblendedCost":{"Amount":"9","Unit":"USD"}}}])");
  EXPECT_EQ(billed({{200, {}, page(grouped)}}).error().kind, ErrorKind::k_malformed);
}

TEST(CostExplorerSource, RefusesANextPageThatIsNoToken) {
  for (const char* token : {"5", "{}", "true"})
    EXPECT_EQ(billed({{200, {}, page(period("1"), R"(,"NextPageToken":)" + std::string(token))}})
                  .error()
                  .kind,
              ErrorKind::k_malformed)
        << token;
  EXPECT_TRUE(billed({{200, {}, page(period("1"), R"(,"NextPageToken":null)")}}));
}

TEST(CostExplorerSource, EndsWhateverItsPagesNameNext) {
  for (const bool fresh : {false, true}) {
    EndlessPages pages(fresh, [](const std::string& token) {
      return page("", R"(,"NextPageToken":")" + token + "\"");
    });
    AwsBench bench(pages);
    const auto answer =
        CostExplorerSource(bench.client, AwsBench::endpoint(AwsService::k_cost_explorer))
            .billed(k_window);
    EXPECT_EQ(answer.error().kind, ErrorKind::k_malformed);
  }
}

TEST(CostExplorerSource, RefusesAnswersThatCannotBeAddedUp) {
  for (const std::string& body :
       {std::string(), std::string("{}"), page("{}"), page(period("abc")), page(period("1e9999")),
        page(period("1", "N/A")), page(period("1", "USD", "null")),
        page(period("1", "USD", "\"no\""))})
    EXPECT_EQ(billed({{200, {}, body}}).error().kind, ErrorKind::k_malformed) << body;
  EXPECT_EQ(billed({{200, {}, page(period("1"), R"(,"NextPageToken":"t")")}}).error().kind,
            ErrorKind::k_malformed);
  EXPECT_EQ(billed({{400, {}, R"({"__type":"DataUnavailableException"})"}}).error().kind,
            ErrorKind::k_denied);
}

TEST(CostExplorerSource, RefusesAWindowThatDaysOfOneMonthDoNotMake) {
  const CostWindow windows[] = {{at("2026-01-31T00:00:00Z"), at("2026-02-02T00:00:00Z")},
                                {at("2026-02-01T00:00:01Z"), at("2026-02-02T00:00:00Z")},
                                {at("2026-02-02T00:00:00Z"), at("2026-02-02T00:00:00Z")}};
  for (const CostWindow& window : windows)
    EXPECT_EQ(billed({{200, {}, page(period("1"))}}, window).error().kind, ErrorKind::k_usage);
  EXPECT_TRUE(billed({{200, {}, page(days("2026-02-01", "2026-03-01"))}},
                     {at("2026-02-01T00:00:00Z"), at("2026-03-01T00:00:00Z")}));
}

}  // namespace
}  // namespace runpin
