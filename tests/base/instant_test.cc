#include "runpin/base/instant.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace runpin {
namespace {

constexpr std::int64_t k_first = -62135596800;  // 0001-01-01T00:00:00Z
constexpr std::int64_t k_last = 253402300799;   // 9999-12-31T23:59:59Z

Instant instant(std::string_view text) {
  return Instant::parse_rfc3339(text).value();
}

TEST(Instant, HasTheFormsOfARun) {
  const Instant now = Instant::from_unix_seconds(1771868587);
  EXPECT_EQ(now.rfc3339(), "2026-02-23T17:43:07Z");
  EXPECT_EQ(now.stamp(), "20260223T174307Z");
  EXPECT_EQ(now.date(), "2026-02-23");
  EXPECT_EQ(Instant().rfc3339(), "1970-01-01T00:00:00Z");
}

TEST(Instant, SpansTheYears1To9999) {
  EXPECT_EQ(instant("0001-01-01T00:00:00Z").unix_seconds(), k_first);
  EXPECT_EQ(instant("9999-12-31T23:59:59Z").unix_seconds(), k_last);
}

TEST(Instant, ReadsBackWhatItWritesOverTheWholeRange) {
  std::mt19937_64 random(20260223);
  std::uniform_int_distribution<std::int64_t> seconds(k_first, k_last);
  for (int i = 0; i < 100000; ++i) {
    const Instant now = Instant::from_unix_seconds(seconds(random));
    ASSERT_EQ(instant(now.rfc3339()), now);
    ASSERT_EQ(Instant::parse_stamp(now.stamp()).value(), now);
  }
}

TEST(Instant, SortsItsStampsAsItsTimes) {
  std::mt19937_64 random(20260224);
  std::uniform_int_distribution<std::int64_t> seconds(k_first, k_last);
  for (int i = 0; i < 10000; ++i) {
    const Instant a = Instant::from_unix_seconds(seconds(random));
    const Instant b = Instant::from_unix_seconds(seconds(random));
    ASSERT_EQ(a <=> b, a.stamp() <=> b.stamp());
  }
}

TEST(Instant, AcceptsUtcInItsTwoSpellingsAndDropsFractions) {
  for (const char* text : {"2026-02-23T17:43:07Z", "2026-02-23T17:43:07+00:00",
                           "2026-02-23T17:43:07.9Z", "2026-02-23T17:43:07.123456789012+00:00"})
    EXPECT_EQ(instant(text).unix_seconds(), 1771868587) << text;
}

TEST(Instant, RefusesWhatIsNoUtcInstant) {
  for (const std::string text : {"",
                                 "now",
                                 "2026-02-23",
                                 "2026-02-23T17:43:07",
                                 "2026-02-23 17:43:07Z",
                                 "2026-02-23T17:43:07+01:00",
                                 "2026-02-23T17:43:07-00:00",
                                 "2026-02-23T17:43:07z",
                                 "2026-02-23T17:43Z",
                                 "2026-02-23T17:43:07.Z",
                                 "2026-02-23T17:43:07.5",
                                 "2026-02-23T17:43:07Zx",
                                 "2026-02-23T17:43:07Z ",
                                 " 2026-02-23T17:43:07Z",
                                 "2026-02-29T00:00:00Z",
                                 "2100-02-29T00:00:00Z",
                                 "2026-04-31T00:00:00Z",
                                 "2026-13-01T00:00:00Z",
                                 "2026-00-01T00:00:00Z",
                                 "2026-01-00T00:00:00Z",
                                 "2026-01-01T24:00:00Z",
                                 "2026-01-01T23:60:00Z",
                                 "2016-12-31T23:59:60Z",
                                 "0000-01-01T00:00:00Z",
                                 "10000-01-01T00:00:00Z",
                                 "-026-01-01T00:00:00Z",
                                 "2026-2-23T17:43:07Z",
                                 "20260223T174307Z"}) {
    const auto value = Instant::parse_rfc3339(text);
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(
        one_line(value.error()),
        "'" + text + "' is not an RFC 3339 instant in UTC (write it as 2026-02-23T17:43:07Z)");
    EXPECT_EQ(value.error().kind, ErrorKind::k_usage);
  }
}

TEST(Instant, RefusesWhatIsNoStamp) {
  for (const char* text :
       {"", "20260223T174307", "20260223T174307Z_01", "20260223t174307Z", "20260230T000000Z",
        "20260223T240000Z", "2026022 T174307Z", "2026-02-23T17:43:07Z", "00000101T000000Z"})
    EXPECT_FALSE(Instant::parse_stamp(text)) << text;
}

struct Turn {
  const char *now, *month, *next_day;
};

TEST(Instant, FindsItsMonthAndTheNextDay) {
  const Turn k_turns[] = {
      {"2026-02-23T17:43:07Z", "2026-02-01T00:00:00Z", "2026-02-24T00:00:00Z"},
      {"2026-02-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-02-02T00:00:00Z"},
      {"2026-01-31T23:59:59Z", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"},
      {"2026-12-31T12:00:00Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"},
      {"2026-02-28T00:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"},
      {"2024-02-28T23:59:59Z", "2024-02-01T00:00:00Z", "2024-02-29T00:00:00Z"},
      {"2024-02-29T23:59:59Z", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"},
      {"2000-02-28T01:00:00Z", "2000-02-01T00:00:00Z", "2000-02-29T00:00:00Z"},
      {"1900-02-28T01:00:00Z", "1900-02-01T00:00:00Z", "1900-03-01T00:00:00Z"},
      {"1969-12-31T23:59:59Z", "1969-12-01T00:00:00Z", "1970-01-01T00:00:00Z"},
      {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "0001-01-02T00:00:00Z"},
  };
  for (const auto& [now, month, next_day] : k_turns) {
    EXPECT_EQ(instant(now).month_start().rfc3339(), month) << now;
    EXPECT_EQ(instant(now).next_day_start().rfc3339(), next_day) << now;
  }
}

}  // namespace
}  // namespace runpin
