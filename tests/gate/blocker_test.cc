#include "runpin/gate/blocker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"

namespace runpin {
namespace {

std::vector<Blocker> samples() {
  return {{"M3D-B2", "M3-B4", Severity::k_s2, {"m", "e", "f", "w", "x"}},
          {"M3A-B7", "M3-B9", Severity::k_s1, {"", "", "", "", ""}},
          {"M3H-B10", "M3-B8", Severity::k_s2, {"é\n\"q\"", "\\", "\t", "r.md:1:2", "😀"}}};
}

TEST(BlockerJson, HoldsEveryFieldAsAString) {
  for (const Blocker& blocker : samples()) {
    const Json json = to_json(blocker);
    EXPECT_EQ(json.members().size(), 8u);
    for (const char* field :
         {"code", "phase_code", "severity", "message", "expected", "found", "where", "fix"})
      EXPECT_NE(json[field].if_string(), nullptr) << field;
  }
}

TEST(BlockerJson, IsReadBackTheSame) {
  for (const Blocker& blocker : samples()) {
    const auto again = read_json(pretty(to_json(blocker)), "b.json");
    ASSERT_TRUE(again);
    const auto read = blocker_from_json(*again);
    ASSERT_TRUE(read);
    EXPECT_EQ(to_json(*read), to_json(blocker));
    EXPECT_EQ(read->severity, blocker.severity);
    EXPECT_EQ(read->says.where, blocker.says.where);
  }
  const auto all = blockers_from_json(to_json(samples()));
  ASSERT_TRUE(all);
  EXPECT_EQ(to_json(*all), to_json(samples()));
  EXPECT_EQ(blockers_from_json(Json(Json::Array{}))->size(), 0u);
}

TEST(BlockerJson, IsRefusedWhereAnythingIsMissingOrOfAnotherKind) {
  const Json whole = to_json(samples().front());
  for (const auto& [field, value] : whole.members()) {
    for (const Json& instead : {Json(), Json(1), Json(true), Json(Json::Array{})})
      EXPECT_FALSE(blocker_from_json(Json(whole).set(field, instead))) << field;
    Json lacking = Json::Object{};
    for (const auto& [other, kept] : whole.members())
      if (other != field) lacking.set(other, kept);
    EXPECT_FALSE(blocker_from_json(lacking)) << field;
    EXPECT_FALSE(blockers_from_json(array({whole, lacking})));
  }
  for (const char* severity : {"", "S0", "S3", "s1", "S1 "})
    EXPECT_FALSE(blocker_from_json(Json(whole).set("severity", severity)));
  for (const Json& none : {Json(), Json("[]"), whole}) EXPECT_FALSE(blockers_from_json(none));
}

}  // namespace
}  // namespace runpin
