#include "runpin/gate/layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace runpin {
namespace {

using ::testing::HasSubstr;

Result<Layout> layout_of(const std::string& literal) {
  return Layout::from(
      *Registry::parse("# H\n\n* `S3_RUN_CONTROL_ROOT_PATTERN = " + literal + "`\n", "r.md"));
}

TEST(KeyFromPattern, PutsTheValueWhereverTheTokenStands) {
  EXPECT_EQ(key_from_pattern("a/{id}/b/{id}.json", "id", "x1"), ObjectKey("a/x1/b/x1.json"));
  EXPECT_EQ(key_from_pattern("a/b.json", "id", "x1"), ObjectKey("a/b.json"));
  EXPECT_EQ(key_from_pattern("é/{id}", "id", "ü"), ObjectKey("é/ü"));
}

TEST(KeyFromPattern, RefusesWhatIsNoObjectKey) {
  for (const std::string& pattern :
       {std::string(), std::string("/a/{id}"), std::string("a/{other}/{id}"), std::string("a/{id"),
        std::string("a/id}"), std::string("{id}/\xff"), std::string(1023, 'k') + "{id}"}) {
    const auto key = key_from_pattern(pattern, "id", "x1");
    ASSERT_FALSE(key) << pattern;
    EXPECT_EQ(key.error().kind, ErrorKind::k_config);
  }
  EXPECT_TRUE(key_from_pattern(std::string(1022, 'k') + "{id}", "id", "x1"));
}

TEST(Layout, PutsEveryExecutionIntoAFolderOfItsOwn) {
  const auto layout = layout_of(R"("evidence/dev_full/run_control/{phase_execution_id}/")");
  ASSERT_TRUE(layout) << one_line(layout.error());
  const ExecutionId id = execution_id('d', Stamp("20260223T174307Z_01"));
  EXPECT_EQ(id.str(), "m3d_20260223T174307Z_01");
  EXPECT_EQ(layout->root(), "evidence/dev_full/run_control/");
  EXPECT_EQ(layout->execution_prefix(id), layout->root() + "m3d_20260223T174307Z_01/");
  EXPECT_EQ(layout->artifact_key(id, "a.json").str(), layout->execution_prefix(id) + "a.json");
  EXPECT_EQ(layout->reservation_key(id), layout->artifact_key(id, "reservation.json"));
}

TEST(Layout, FindsTheExecutionOfAKeyAgain) {
  for (const char* pattern :
       {R"("evidence/{phase_execution_id}/")", R"("{phase_execution_id}/")"}) {
    const auto layout = layout_of(pattern);
    ASSERT_TRUE(layout) << one_line(layout.error());
    const ExecutionId id("m3a_20260223T174307Z");
    EXPECT_EQ(layout->execution_of(layout->artifact_key(id, "a/b.json")), id);
    EXPECT_EQ(layout->execution_of(layout->reservation_key(id)), id);
    EXPECT_EQ(layout->execution_of(ObjectKey(layout->root() + "no_folder")), std::nullopt);
  }
  EXPECT_EQ(layout_of(R"("evidence/{phase_execution_id}/")")->execution_of(ObjectKey("else/m3a/x")),
            std::nullopt);
}

TEST(Layout, RefusesAPatternThatGivesNoFolder) {
  for (const char* literal :
       {R"("TO_PIN")", R"("")", "5", "[]", R"("evidence/run_control/")",
        R"("evidence/{phase_execution_id}")", R"("evidence/{phase_execution_id}/artifacts/")",
        R"("evidence/run_{phase_execution_id}/")", R"("/evidence/{phase_execution_id}/")",
        R"("evidence/{other}/{phase_execution_id}/")",
        R"("{phase_execution_id}/{phase_execution_id}/")"}) {
    const auto layout = layout_of(literal);
    ASSERT_FALSE(layout) << literal;
    EXPECT_EQ(layout.error().kind, ErrorKind::k_config);
    EXPECT_THAT(layout.error().message, HasSubstr("S3_RUN_CONTROL_ROOT_PATTERN"));
    EXPECT_THAT(layout.error().where, HasSubstr("r.md:3:")) << literal;
    EXPECT_FALSE(layout.error().fix.empty());
  }
  EXPECT_EQ(Layout::from(*Registry::parse("", "r.md")).error().where, "r.md");
}

}  // namespace
}  // namespace runpin
