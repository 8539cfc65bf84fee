#include "runpin/base/position.h"

#include <gtest/gtest.h>

#include <string>

#include "runpin/base/result.h"

namespace runpin {
namespace {

TEST(Position, CountsLinesAndBytesFromOne) {
  const std::string text = "ab\n\xC3\xB6x\r\n\nz";
  const Position k_places[] = {{1, 1}, {1, 2}, {1, 3}, {2, 1}, {2, 2},
                               {2, 3}, {2, 4}, {2, 5}, {3, 1}, {4, 1}};
  for (std::size_t offset = 0; offset < std::size(k_places); ++offset)
    EXPECT_EQ(position_at(text, offset), k_places[offset]) << offset;
}

TEST(Position, TakesAnOffsetPastTheEndForTheEnd) {
  EXPECT_EQ(position_at("ab", 2), (Position{1, 3}));
  EXPECT_EQ(position_at("ab", 99), (Position{1, 3}));
  EXPECT_EQ(position_at("ab\n", 99), (Position{2, 1}));
  EXPECT_EQ(position_at("", 0), (Position{1, 1}));
}

TEST(Position, IsWrittenAsCompilersDo) {
  EXPECT_EQ(where("docs/a.md", {12, 7}), "docs/a.md:12:7");
}

TEST(Errors, AreOneLineWithPlaceAndCure) {
  EXPECT_EQ(one_line(Error{.message = "m", .where = "", .fix = ""}), "m");
  EXPECT_EQ(one_line(Error{.message = "m", .where = "f:1:2", .fix = "do x"}), "f:1:2: m (do x)");
}

}  // namespace
}  // namespace runpin
