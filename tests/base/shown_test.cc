#include "runpin/base/shown.h"

#include <gtest/gtest.h>

namespace runpin {
namespace {

TEST(ShownValue, QuotesOnlyWhatIsPlainlyNoSecret) {
  const std::pair<std::string, std::string> k_table[] = {
      {"", "''"},
      {"12,50", "'12,50'"},
      {"$1", "'$1'"},
      {"usd", "'usd'"},
      {"2026-02-01T00:00:00.000000+01:00", "'2026-02-01T00:00:00.000000+01:00'"},
      {"2026-02-01T00:00:00.0000000+01:00", "a text of 33 characters"},
      {"Infinity", "a text of 8 characters"},
      {"12\n", "a text of 3 characters"},
      {"\xE2\x82\xAC", "a text of 1 character"},
      {"ghp_" + std::string(36, 'a'), "a text of 40 characters"},
      {"postgres://u:p@h", "a text of 16 characters"},
  };
  for (const auto& [text, shown] : k_table) EXPECT_EQ(shown_value(text), shown) << text;
}

}  // namespace
}  // namespace runpin
