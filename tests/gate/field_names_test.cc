#include "runpin/gate/field_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runpin/canon/json_writer.h"

namespace runpin {
namespace {

using ::testing::HasSubstr;

const std::map<std::string, std::string>& handle_by_field() {
  static const std::map<std::string, std::string> k_handles{
      {"platform_run_id", "FIELD_PLATFORM_RUN_ID"},
      {"scenario_run_id", "FIELD_SCENARIO_RUN_ID"},
      {"phase_id", "FIELD_PHASE_ID"},
      {"config_digest", "FIELD_CONFIG_DIGEST"},
      {"written_at_utc", "FIELD_WRITTEN_AT_UTC"}};
  return k_handles;
}

// The names of a registry that pins `name_by_field`; the other handles are not in it.
Result<FieldNames> names_of(const std::map<std::string, std::string>& name_by_field) {
  std::string text = "# H\n\n";
  for (const auto& [field, name] : name_by_field)
    text += "* `" + handle_by_field().at(field) + " = " + canonical(Json(name)) + "`\n";
  return FieldNames::from(*Registry::parse(text, "r.md"));
}

TEST(FieldNames, AreTheStandardOnesWhereTheRegistryPinsNone) {
  const auto names = names_of({});
  ASSERT_TRUE(names);
  for (const auto& [field, handle] : handle_by_field()) EXPECT_EQ(names->pinned(field), field);
}

TEST(FieldNames, RenameTopLevelMembersAndNothingBelow) {
  const auto names = names_of({{"platform_run_id", "run_ref"}, {"phase_id", "phase"}});
  ASSERT_TRUE(names);
  const Json body = object({{"platform_run_id", "p"},
                            {"lane", "M3.A"},
                            {"inner", object({{"platform_run_id", "q"}})},
                            {"list", array({object({{"phase_id", "P1"}})})}});
  const Json pinned = names->to_pinned(body);
  EXPECT_EQ(canonical(pinned), R"({"inner":{"platform_run_id":"q"},"lane":"M3.A",)"
                               R"("list":[{"phase_id":"P1"}],"run_ref":"p"})");
  EXPECT_EQ(names->to_standard(pinned), body);
}

TEST(FieldNames, LeaveWhatIsNoObjectAsItIs) {
  const auto names = names_of({{"platform_run_id", "run_ref"}});
  for (const Json& value : {Json(), Json("platform_run_id"), array({"platform_run_id"}), Json(1)}) {
    EXPECT_EQ(names->to_pinned(value), value);
    EXPECT_EQ(names->to_standard(value), value);
  }
}

TEST(FieldNames, AreRefusedWhereTheyAreNoFieldNames) {
  for (const char* name : {"1st", "run id", "run-id", "é", "{x}", "run.id", "\n"}) {
    for (const auto& [field, handle] : handle_by_field()) {
      const auto names = names_of({{field, name}});
      ASSERT_FALSE(names) << name;
      EXPECT_EQ(names.error().kind, ErrorKind::k_config);
      EXPECT_THAT(names.error().message, HasSubstr(handle));
      EXPECT_THAT(names.error().where, HasSubstr("r.md:3:"));
    }
  }
  EXPECT_FALSE(names_of({{"phase_id", std::string(65, 'a')}}));
  EXPECT_TRUE(names_of({{"phase_id", std::string(64, 'a')}}));
}

TEST(FieldNames, AreRefusedWhereAnotherFieldHasThem) {
  for (const char* name : {"lane",
                           "execution_id",
                           "overall_pass",
                           "blockers",
                           "artifacts",
                           "sources",
                           "next_gate",
                           "supersedes",
                           "field_names",
                           "facts",
                           "receipts",
                           "verdict",
                           "hold_class",
                           "digest_algo",
                           "lanes",
                           "orchestrator",
                           "recorded_at_utc",
                           "class",
                           "actor",
                           "reason",
                           "scope",
                           "adjudicates",
                           "answers_execution_id",
                           "answers_hold_class",
                           "answers_blockers",
                           "receipt_id",
                           "schema",
                           "approves",
                           "month"})
    for (const auto& [field, handle] : handle_by_field())
      EXPECT_FALSE(names_of({{field, name}})) << handle << " " << name;
  EXPECT_FALSE(names_of({{"platform_run_id", "scenario_run_id"}}));
  EXPECT_FALSE(
      names_of({{"platform_run_id", "scenario_run_id"}, {"scenario_run_id", "platform_run_id"}}));
  EXPECT_FALSE(names_of({{"phase_id", "written_at_utc"}, {"written_at_utc", "at"}}));
  EXPECT_FALSE(names_of({{"platform_run_id", "same"}, {"config_digest", "same"}}));
}

}  // namespace
}  // namespace runpin
