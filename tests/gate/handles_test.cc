#include "runpin/gate/handles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runpin/canon/json_writer.h"
#include "tests/support/fake_ports.h"

namespace runpin {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* k_receipt = "inputs/receipt.json";
constexpr const char* k_outputs = "inputs/outputs.json";
// In two parts, so that nobody takes this file for a leak.
const std::string k_secret = std::string("AKIA") + "Q3EXAMPLE7QTRW2Z";

class GatherHandles : public ::testing::Test {
 protected:
  GatherHandles() {
    workspace_.m2_receipt = {k_receipt, "runpin.toml:1:1"};
    workspace_.stack_outputs = {{k_outputs, "runpin.toml:2:1"}};
    fakes_.documents.files[k_receipt] = R"({"role": "r-1", "count": 3, "nothing": null})";
    fakes_.stack_outputs.outputs[k_outputs] = {{"role_arn", "r-1", false, k_outputs},
                                               {"list", array({"a", "b"}), false, k_outputs},
                                               {"hidden", nullptr, true, k_outputs},
                                               {"leak", k_secret, false, k_outputs}};
  }
  void source(const std::string& key, SourceClass source, const std::string& name) {
    workspace_.sources[key] = {source, name, "runpin.toml:9:5"};
  }
  // The fact about KEY, whose line in the registry is `line`.
  Json gather(const std::string& line) {
    const Registry registry =
        *Registry::parse("# H\n\n" + line + (line.empty() ? "" : "\n"), "r.md");
    const Ports ports = fakes_.ports();
    World world(ports, workspace_, registry);
    facts_ = gather_handles(world, {"KEY"});
    return facts_["KEY"];
  }

  testing::FakePorts fakes_;
  Workspace workspace_;
  Json facts_;
};

TEST_F(GatherHandles, TakeTheRegistrysLiteralByDefault) {
  const Json fact = gather("* `KEY = [\"a\", 1.50]` (a note)");
  EXPECT_EQ(fact["state"], Json("resolved"));
  EXPECT_EQ(canonical(fact["value"]), "[\"a\",1.5]");
  EXPECT_EQ(fact["source"], Json("registry_literal"));
  EXPECT_THAT(fact["where"].text(), HasSubstr("r.md:3:"));
  EXPECT_EQ(fact["detail"], Json(""));
}

TEST_F(GatherHandles, SayWhatTheRegistryLacksAndWhatToDo) {
  struct Row {
    const char* line;
    const char* state;
    const char* fix;
  };
  for (const Row& row :
       {Row{"", "missing", "add a line"}, Row{"* `KEY = \"TO_PIN\"`", "to_pin", "pin KEY"},
        Row{"* `KEY = \"\"`", "empty", "pin KEY"}, Row{"* `KEY = []`", "empty", "pin KEY"},
        Row{"* `KEY`", "declared", "add a line"},
        Row{"* `KEY = 1`\n* `KEY = 2`", "contradicted", "leave one value"},
        Row{"* `KEY = KEY`", "alias_cycle", "point KEY"},
        Row{"* `KEY = NOBODY`", "alias_cycle", "point KEY"},
        Row{"* `KEY = {\"a\":`", "malformed", "write the line"}}) {
    const Json fact = gather(row.line);
    EXPECT_EQ(fact["state"], Json(row.state)) << row.line;
    EXPECT_EQ(fact["value"], Json()) << row.line;
    EXPECT_THAT(fact["detail"].text(), Not(IsEmpty())) << row.line;
    const Explanation says = HandleFacts(facts_).explain("KEY");
    EXPECT_THAT(says.fix, HasSubstr(row.fix)) << row.line;
    EXPECT_THAT(says.message, HasSubstr("KEY"));
    EXPECT_THAT(says.where, HasSubstr("r.md")) << row.line;
    EXPECT_EQ(HandleFacts(facts_).unresolved({"KEY"}), std::vector<std::string>{"KEY"});
  }
}

TEST_F(GatherHandles, TakeAStackOutputThatAgreesWithTheRegistryOrFillsItsDeclaration) {
  source("KEY", SourceClass::k_stack_output, "role_arn");
  for (const char* line : {"* `KEY = \"r-1\"`", "* `KEY`"}) {
    const Json fact = gather(line);
    EXPECT_EQ(fact["state"], Json("resolved")) << line;
    EXPECT_EQ(fact["value"], Json("r-1"));
    EXPECT_EQ(fact["source"], Json("stack_output"));
  }
  source("KEY", SourceClass::k_stack_output, "list");
  EXPECT_EQ(gather("* `KEY = [\"a\",\"b\"]`")["state"], Json("resolved"));
}

TEST_F(GatherHandles, TakeAFieldOfTheM2Receipt) {
  source("KEY", SourceClass::k_m2_handoff, "count");
  const Json fact = gather("* `KEY = 3`");
  EXPECT_EQ(fact["state"], Json("resolved"));
  EXPECT_EQ(fact["source"], Json("m2_handoff_artifact"));
}

TEST_F(GatherHandles, RefuseTwoAuthoritiesThatDisagree) {
  source("KEY", SourceClass::k_stack_output, "role_arn");
  const Json by_output = gather("* `KEY = \"r-2\"`");
  EXPECT_EQ(by_output["state"], Json("contradicted"));
  EXPECT_EQ(by_output["value"], Json());
  EXPECT_THAT(by_output["detail"].text(), HasSubstr("'role_arn' in inputs/outputs.json"));
  source("KEY", SourceClass::k_m2_handoff, "role");
  EXPECT_EQ(gather("* `KEY = \"r-2\"`")["state"], Json("contradicted"));
  source("KEY", SourceClass::k_m2_handoff, "count");
  EXPECT_EQ(gather("* `KEY = \"3\"`")["state"], Json("contradicted"));
}

TEST_F(GatherHandles, TakeAValueForTheSecretThatAnyOfItsNamesMakesIt) {
  const std::string secret = "Zx8kQ2mN7pL4vR9tW3yB";
  EXPECT_EQ(gather("* `KEY = DB_PASSWORD`\n* `DB_PASSWORD = \"" + secret + "\"`")["state"],
            Json("secret"));
  EXPECT_EQ(
      gather("* `KEY = VIA`\n* `VIA = DB_PASSWORD`\n* `DB_PASSWORD = \"" + secret + "\"`")["value"],
      Json());
}

TEST_F(GatherHandles, TakeAValueForTheSecretThatItsSourcesNameMakesIt) {
  fakes_.documents.files[k_receipt] = R"({"db_password": "Zx8kQ2mN7pL4vR9tW3yB"})";
  source("KEY", SourceClass::k_m2_handoff, "db_password");
  const Json fact = gather("* `KEY`");
  EXPECT_EQ(fact["state"], Json("secret"));
  EXPECT_EQ(fact["value"], Json());
}

TEST_F(GatherHandles, SayOfAnAliasWhatItLeadsTo) {
  const Json fact = gather("* `KEY = VIA`\n* `VIA = END`\n* `END = 1`\n* `END = 2`");
  EXPECT_EQ(fact["state"], Json("contradicted"));
  EXPECT_EQ(fact["detail"],
            Json("an alias of END, pinned to different values at r.md:5:10 and r.md:6:10"));
}

TEST_F(GatherHandles, LetNoOtherSourceStandInForTheRegistry) {
  source("KEY", SourceClass::k_stack_output, "role_arn");
  EXPECT_EQ(gather("")["state"], Json("missing"));
  EXPECT_EQ(gather("* `KEY = \"TO_PIN\"`")["state"], Json("to_pin"));
  EXPECT_EQ(gather("* `KEY = 1`\n* `KEY = 2`")["state"], Json("contradicted"));
}

TEST_F(GatherHandles, SayWhereASourceIsMissing) {
  const auto expect_missing = [&](SourceClass of, const std::string& name, const char* detail) {
    source("KEY", of, name);
    const Json fact = gather("* `KEY = \"r-1\"`");
    EXPECT_EQ(fact["state"], Json("source_missing")) << name;
    EXPECT_EQ(fact["value"], Json());
    EXPECT_EQ(fact["where"], Json("runpin.toml:9:5"));
    EXPECT_THAT(fact["detail"].text(), HasSubstr(detail));
    EXPECT_THAT(HandleFacts(facts_).explain("KEY").fix, HasSubstr("[sources]"));
  };
  expect_missing(SourceClass::k_stack_output, "nobody", "no stack output is named 'nobody'");
  expect_missing(SourceClass::k_stack_output, "hidden", "marked sensitive");
  expect_missing(SourceClass::k_m2_handoff, "nobody", "no field 'nobody'");
  fakes_.stack_outputs.outputs.clear();
  expect_missing(SourceClass::k_stack_output, "role_arn", k_outputs);
  fakes_.documents.files[k_receipt] = "{\n  \"role\": ";
  expect_missing(SourceClass::k_m2_handoff, "role", "inputs/receipt.json:2:");
  fakes_.documents.files.clear();
  expect_missing(SourceClass::k_m2_handoff, "role", k_receipt);
}

TEST_F(GatherHandles, WithholdASecretWhereverItComesFrom) {
  const auto expect_withheld = [&](const std::string& line) {
    const Json fact = gather(line);
    EXPECT_EQ(fact["state"], Json("secret")) << line;
    EXPECT_EQ(fact["value"], Json());
    EXPECT_THAT(canonical(facts_), Not(HasSubstr(k_secret)));
    EXPECT_THAT(HandleFacts(facts_).explain("KEY").fix, HasSubstr("rotate"));
  };
  expect_withheld("* `KEY = \"" + k_secret + "\"`");
  expect_withheld("* `KEY = {\"deep\": [\"" + k_secret + "\"]}`");
  source("KEY", SourceClass::k_stack_output, "leak");
  expect_withheld("* `KEY`");
}

TEST_F(GatherHandles, LeaveAReceiptForEveryFileThatWasRead) {
  source("KEY", SourceClass::k_m2_handoff, "role");
  const Registry registry = *Registry::parse("* `KEY = \"r-1\"`\n", "r.md");
  const Ports ports = fakes_.ports();
  World world(ports, workspace_, registry);
  world.check("M3A-V1-HANDLE-EXISTS");
  gather_handles(world, {"KEY"});
  ASSERT_EQ(world.receipts().size(), 1u);
  EXPECT_EQ(world.receipts()[0].check_id, "M3A-V1-HANDLE-EXISTS");
  EXPECT_EQ(world.receipts()[0].target, k_receipt);
  EXPECT_EQ(world.receipts()[0].outcome, "ok");
}

TEST(HandleFacts, ExplainsWhatAHandleShouldHold) {
  const Json facts = object(
      {{"KEY",
        object({{"state", "resolved"}, {"value", array({1, "é"})}, {"where", "r.md:1:2"}})}});
  const Explanation says = HandleFacts(facts).explain_value("KEY", "true");
  EXPECT_EQ(says.found, "[1,\"é\"]");
  EXPECT_EQ(says.where, "r.md:1:2");
  EXPECT_THAT(says.fix, HasSubstr("pin KEY to true"));
}

}  // namespace
}  // namespace runpin
