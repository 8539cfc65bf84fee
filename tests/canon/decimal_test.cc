#include "runpin/canon/decimal.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "runpin/base/shown.h"

namespace runpin {
namespace {

Decimal decimal(const std::string& text) {
  return Decimal::parse(text).value();
}

TEST(Decimal, WritesPlainNotationWithoutSuperfluousZeros) {
  const std::pair<std::string, std::string> k_table[] = {
      {"12", "12"},
      {"-0.50", "-0.5"},
      {"1.2e3", "1200"},
      {"1E-7", "0.0000001"},
      {"0", "0"},
      {"-0", "0"},
      {"-0.000", "0"},
      {"0e30", "0"},
      {"100", "100"},
      {"100.00", "100"},
      {"1.50e1", "15"},
      {"123.456e-2", "1.23456"},
      {"007", "7"},
      {"010.10", "10.1"},
      {"0.1e+1", "1"},
      {"-1e-1", "-0.1"},
      {"1e30", "1" + std::string(30, '0')},
      {"1e-30", "0." + std::string(29, '0') + "1"},
      {"0.001e-27", "0." + std::string(29, '0') + "1"},
      {"0." + std::string(99, '0'), "0"},
      {"1." + std::string(98, '0') + "1", "1." + std::string(98, '0') + "1"},
      {"99999999999999999999999999.99", "99999999999999999999999999.99"},
  };
  for (const auto& [text, plain] : k_table) EXPECT_EQ(decimal(text).str(), plain) << text;
  EXPECT_EQ(Decimal().str(), "0");
}

TEST(Decimal, RefusesEverythingElse) {
  for (const std::string text : {"",
                                 " ",
                                 "-",
                                 "+1",
                                 "--1",
                                 ".5",
                                 "5.",
                                 "-.5",
                                 "1,000",
                                 "1 000",
                                 " 1",
                                 "1 ",
                                 "1e",
                                 "1e+",
                                 "1e-",
                                 "1e+-1",
                                 "1e1.5",
                                 "e5",
                                 "1e31",
                                 "1e-31",
                                 "0e31",
                                 "0x10",
                                 "1_000",
                                 "NaN",
                                 "Infinity",
                                 "1d",
                                 "$1",
                                 "1.2.3",
                                 "1\n",
                                 "\xD9\xA1",
                                 "1e99999999999999999999"}) {
    const auto value = Decimal::parse(text);
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(one_line(value.error()), "expected a decimal number, found " + shown_value(text) +
                                           " (write it like 12.50, -0.001 or 1.2e3)");
    EXPECT_EQ(value.error().kind, ErrorKind::k_malformed);
  }
  EXPECT_FALSE(Decimal::parse(std::string("1\0", 2)));
}

// Arithmetic takes time by the square of the digits, so their number is bounded, and so is what a
// rate may be.
TEST(Decimal, RefusesWhatIsNoAmountAtOnce) {
  constexpr const char* k_digits = "a decimal number of at most 100 digits";
  constexpr const char* k_size = "a decimal number within 1e-30 and 1e30";
  const std::pair<std::string, const char*> k_table[] = {
      {std::string(101, '9'), k_digits},
      {std::string(50'000'000, '9'), k_digits},
      {"1." + std::string(50'000'000, '0'), k_digits},
      {"0." + std::string(30, '0') + "1", k_size},
      {"0.1e-30", k_size},
      {"1" + std::string(31, '0'), k_size},
      {"10e30", k_size},
      {"-10e30", k_size},
  };
  for (const auto& [text, expected] : k_table) {
    const auto value = Decimal::parse(text);
    ASSERT_FALSE(value) << text.substr(0, 80);
    EXPECT_EQ(value.error().message,
              std::string("expected ") + expected + ", found " + shown_value(text));
  }
}

TEST(Decimal, QuotesNoSecret) {
  for (const std::string& secret :
       {"github_pat_" + std::string(82, 'a'), "eyJhbGciOiJIUzI1NiJ9." + std::string(60, 'e'),
        "postgres://svcuser:" + std::string(32, 'p') + "@host"}) {
    const auto value = Decimal::parse(secret);
    ASSERT_FALSE(value);
    const std::string& message = value.error().message;
    EXPECT_EQ(message.find(secret.substr(0, 12)), std::string::npos) << message;
  }
}

TEST(Decimal, AddsWhatBinaryFloatsCannot) {
  EXPECT_EQ((decimal("0.1") + decimal("0.2")).str(), "0.3");
  EXPECT_EQ((decimal("99.995") + decimal("0.005")).str(), "100");
  EXPECT_EQ((decimal("1e30") + decimal("1e-30")).str(),
            "1" + std::string(30, '0') + "." + std::string(29, '0') + "1");
  EXPECT_EQ((decimal("5.5") + decimal("-5.5")).str(), "0");
  Decimal sum;
  for (int i = 0; i < 100000; ++i) sum = sum + decimal("0.01");
  EXPECT_EQ(sum.str(), "1000");
}

TEST(Decimal, MultipliesExactly) {
  EXPECT_EQ((decimal("1.1") * decimal("-1.1")).str(), "-1.21");
  EXPECT_EQ((decimal("0.5") * decimal("0.2")).str(), "0.1");
  EXPECT_EQ((decimal("0") * decimal("-3.7")).str(), "0");
  EXPECT_EQ((decimal("123456789.123456789") * decimal("1000000000")).str(), "123456789123456789");
}

TEST(Decimal, OrdersByValue) {
  const std::string k_ascending[] = {"-1e10", "-2",  "-1.5", "-0.001", "0",
                                     "1e-9",  "0.1", "0.11", "1",      "1e2"};
  for (std::size_t i = 0; i < std::size(k_ascending); ++i)
    for (std::size_t j = 0; j < std::size(k_ascending); ++j)
      EXPECT_EQ(decimal(k_ascending[i]) <=> decimal(k_ascending[j]), i <=> j)
          << k_ascending[i] << " " << k_ascending[j];
  EXPECT_EQ(decimal("1.0"), decimal("10e-1"));
  EXPECT_NE(decimal("1.0"), decimal("1.0001"));
}

// Values of at most 4 places fit 64-bit integers of ten-thousandths: an oracle of another make.
TEST(Decimal, AgreesWithIntegersOfTenThousandths) {
  std::mt19937_64 random(20260223);
  const auto spell = [](std::int64_t units) {
    const auto size = static_cast<std::uint64_t>(units < 0 ? -units : units);
    std::string fraction = std::to_string(size % 10000);
    fraction.insert(0, 4 - fraction.size(), '0');
    return (units < 0 ? "-" : "") + std::to_string(size / 10000) + "." + fraction;
  };
  for (int i = 0; i < 20000; ++i) {
    const auto a =
        static_cast<std::int64_t>(random() >> (random() % 30 + 34)) - (std::int64_t{1} << 20);
    const auto b =
        static_cast<std::int64_t>(random() >> (random() % 30 + 34)) - (std::int64_t{1} << 20);
    const Decimal x = decimal(spell(a)), y = decimal(spell(b));
    ASSERT_EQ((x + y).str(), decimal(spell(a + b)).str());
    ASSERT_EQ((x * y).str(), decimal(std::to_string(a * b) + "e-8").str());
    ASSERT_EQ(x <=> y, a <=> b);
    ASSERT_EQ(Decimal::parse(x.str()).value(), x);
  }
}

}  // namespace
}  // namespace runpin
