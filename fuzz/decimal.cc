// Exact decimals: one a line, in the grammar of amounts of money.
#include "runpin/canon/decimal.h"

#include <vector>

#include "fuzz/property.h"

namespace runpin::fuzz {
namespace {

void examine_two(const Decimal& a, const Decimal& b) {
  must(a + b == b + a, "a sum does not depend on order");
  must(a * b == b * a, "a product does not depend on order");
  must((a + b) * a == a * a + b * a, "a product distributes over a sum");
  must((a <=> b) == (0 <=> (b <=> a)), "comparing is antisymmetric");
  must((a == b) == (a.str() == b.str()), "what is equal is written alike, and nothing else");
}

}  // namespace

void examine(std::string_view input) {
  std::vector<Decimal> values{Decimal()};
  constexpr std::size_t k_most = 8;
  while (!input.empty() && values.size() < k_most) {
    const auto value = Decimal::parse(take_line(input));
    if (!value) {
      must(value.error().kind == ErrorKind::k_malformed, "what is no decimal is malformed");
      continue;
    }
    const auto again = Decimal::parse(value->str());
    must(again && *again == *value, "a decimal reads back from its text");
    must(again->str() == value->str(), "a decimal's text is one text");
    values.push_back(*value);
  }
  for (const Decimal& a : values)
    for (const Decimal& b : values) examine_two(a, b);
}

}  // namespace runpin::fuzz
