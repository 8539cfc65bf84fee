#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/runpin_program.h"

namespace runpin::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

// A sample workspace whose registry is what a test says.
class RegistryCommand : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(runpin(dir_.path(), {"init", "w", "--sample"}).exit_code, 0); }
  void registry_is(const std::string& text) {
    write_file(dir_.path() / "w/handles.registry.md", text);
  }
  Finished registry(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"-w", "w", "registry"});
    return runpin(dir_.path(), std::move(arguments));
  }
  TempDir dir_;
};

TEST_F(RegistryCommand, GetPrintsTheValueAsJson) {
  registry_is("* `A = {\"b\": [1, 2.50]}` (note)\n* `C = A`\n");
  for (const char* key : {"A", "C"}) {
    const auto done = registry({"get", key});
    EXPECT_EQ(done.exit_code, 0);
    EXPECT_EQ(done.out, "{\"b\":[1,2.5]}\n");
    EXPECT_EQ(done.err, "");
  }
}

TEST_F(RegistryCommand, GetSaysMoreWhenAsked) {
  registry_is("text\n\n* `A = 1` (a note)\n* `B = A`\n");
  const auto verbose = registry({"get", "A", "-v"});
  EXPECT_EQ(verbose.out, "1\n");
  EXPECT_THAT(verbose.err, HasSubstr("state: resolved"));
  EXPECT_THAT(verbose.err, HasSubstr("w/handles.registry.md:3:4"));
  EXPECT_THAT(verbose.err, HasSubstr("(a note)"));
  EXPECT_THAT(registry({"get", "B", "-v"}).err, HasSubstr("alias of A"));
  const Json document = json_of(registry({"get", "B", "--json"}).out);
  EXPECT_EQ(document["key"], Json("B"));
  EXPECT_EQ(document["value"], Json(1));
  EXPECT_EQ(document["pins"].items().at(0)["alias_of"], Json("A"));
  EXPECT_EQ(document["exit_code"], Json(0));
}

TEST_F(RegistryCommand, GetHoldsOnWhateverHasNoValue) {
  registry_is(
      "* `P = \"TO_PIN\"`\n* `E = \"\"`\n* `D`\n* `C = 1`\n* `C = 2`\n* `L = M`\n* `M = L`\n* `BAD "
      "= {oops`\n");
  for (const char* key : {"P", "E", "D", "C", "L", "BAD", "NOWHERE"}) {
    const auto plain = registry({"get", key});
    EXPECT_EQ(plain.exit_code, 3) << key;
    EXPECT_EQ(plain.out, "");
    EXPECT_THAT(lines_of(plain.err), SizeIs(1));
    EXPECT_THAT(plain.err, StartsWith("runpin: w/handles.registry.md"));
    const auto json = registry({"get", key, "--json"});
    EXPECT_EQ(json.exit_code, 3);
    EXPECT_TRUE(json_of(json.out)["value"].is_null());
    EXPECT_EQ(json_of(json.out)["exit_code"], Json(3));
  }
}

TEST_F(RegistryCommand, GetOffersNamesThatAreNear) {
  EXPECT_THAT(registry({"get", "AWS_REGOIN"}).err, HasSubstr("did you mean AWS_REGION"));
}

TEST_F(RegistryCommand, GetSaysWhatAHandlesNameIs) {
  EXPECT_THAT(registry({"get", "x"}).err, HasSubstr("a handle's name is of A to Z"));
}

TEST_F(RegistryCommand, LintOfTheSampleHasNoError) {
  const auto done = registry({"lint"});
  EXPECT_EQ(done.exit_code, 0) << done.out;
  EXPECT_THAT(done.err, HasSubstr("0 errors, 0 warnings"));
}

TEST_F(RegistryCommand, LintNamesPlaceRuleAndFix) {
  registry_is("# Title\n\n* `GOOD = 1`\n* `BAD = {oops`\n");
  const auto done = registry({"lint"});
  EXPECT_EQ(done.exit_code, 3);
  ASSERT_THAT(lines_of(done.out), SizeIs(1));
  EXPECT_THAT(done.out, StartsWith("w/handles.registry.md:4:"));
  EXPECT_THAT(done.out, HasSubstr(": error: "));
  EXPECT_THAT(done.out, HasSubstr(" [malformed] "));
}

TEST_F(RegistryCommand, LintAsJsonIsTheSameByOptionAndByFormat) {
  registry_is("* `BAD = {oops`\n");
  const auto by_option = registry({"lint", "--json"});
  const auto by_format = registry({"lint", "--format", "json", "-q"});
  EXPECT_EQ(by_option.out, by_format.out);
  EXPECT_EQ(by_option.err, "");
  const Json document = json_of(by_option.out);
  EXPECT_EQ(document["exit_code"], Json(3));
  EXPECT_EQ(document["errors"], Json(1));
  const Json& finding = document["findings"].items().at(0);
  EXPECT_EQ(finding["path"], Json("w/handles.registry.md"));
  EXPECT_EQ(finding["line"], Json(1));
  EXPECT_EQ(finding["level"], Json("error"));
  EXPECT_EQ(finding["key"], Json("BAD"));
  EXPECT_FALSE(finding["fix"].text().empty());
}

TEST_F(RegistryCommand, LintAsSarifNamesToolRulePlaceAndFix) {
  registry_is("* `GOOD = 1`\n* `GOOD = 1`\n* `BAD = {\"😀\": oops`\n");
  const auto done = registry({"lint", "--format", "sarif"});
  EXPECT_EQ(done.exit_code, 3);
  EXPECT_EQ(done.err, "");
  EXPECT_EQ(registry({"lint", "--format", "sarif", "--json"}).out, done.out);
  const Json log = json_of(done.out);
  EXPECT_EQ(log["version"], Json("2.1.0"));
  const Json& run = log["runs"].items().at(0);
  EXPECT_EQ(run["tool"]["driver"]["name"], Json("runpin"));
  EXPECT_EQ("runpin " + run["tool"]["driver"]["version"].text() + "\n",
            runpin(dir_.path(), {"--version"}).out);
  ASSERT_THAT(run["results"].items(), SizeIs(2));
  const Json& fix = run["results"].items()[0]["fixes"].items().at(0);
  const Json& change = fix["artifactChanges"].items().at(0);
  EXPECT_EQ(change["artifactLocation"]["uri"], Json("w/handles.registry.md"));
  EXPECT_EQ(change["replacements"].items().at(0)["deletedRegion"],
            object({{"startLine", 2}, {"startColumn", 8}, {"endLine", 2}, {"endColumn", 12}}));
  const Json& bad = run["results"].items()[1];
  EXPECT_EQ(bad["ruleId"], Json("malformed"));
  EXPECT_EQ(bad["level"], Json("error"));
  EXPECT_EQ(bad["locations"].items().at(0)["physicalLocation"]["region"],
            object({{"startLine", 3}, {"startColumn", 17}}));
}

TEST_F(RegistryCommand, LintOffersNoEditThatWouldLeaveAPinGoneWrong) {
  for (const char* rest : {"= 2", " **= 2**", "\n  = 2"}) {
    registry_is("* `GOOD = 1`\n* `GOOD = 1`" + std::string(rest) + "\n");
    const Json log = json_of(registry({"lint", "--format", "sarif"}).out);
    const Json& results = log["runs"].items().at(0)["results"];
    ASSERT_THAT(results.items(), SizeIs(1)) << rest;
    EXPECT_EQ(results.items()[0]["ruleId"], Json("double-pin")) << rest;
    EXPECT_FALSE(results.items()[0].find("fixes")) << rest;
  }
}

TEST_F(RegistryCommand, LintRefusesAnUnknownFormat) {
  const auto done = registry({"lint", "--format", "xml"});
  EXPECT_EQ(done.exit_code, 2);
  EXPECT_THAT(done.err, HasSubstr("'xml' is no lint format"));
}

TEST_F(RegistryCommand, ListShowsEveryHandleByName) {
  registry_is("* `B = [1, 2]`\n* `A = \"TO_PIN\"`\n* `C = B`\n");
  EXPECT_THAT(lines_of(registry({"list"}).out),
              ElementsAre("to_pin       A (w/handles.registry.md:2:4)", "resolved     B [1,2]",
                          "resolved     C [1,2]"));
  const Json document = json_of(registry({"list", "--json"}).out);
  EXPECT_EQ(document["handles"].items().size(), 3u);
  EXPECT_EQ(document["handles"].items()[0]["state"], Json("to_pin"));
  EXPECT_TRUE(document["handles"].items()[0]["value"].is_null());
}

// Put together here, so that no scanner of sources takes it for a real one.
const std::string k_secret = std::string("AKIA") + "QY7D3RHXW2" + "LTNB5M";

TEST_F(RegistryCommand, ShowsNoSecretWhereverItStands) {
  const std::string registries[] = {
      "* `A = \"" + k_secret + "\"`\n",
      "* `A = 1` " + k_secret + "\n",
      "* `A = B`\n* `B = {\"x\": \"" + k_secret + "\"}`\n",
      "* `A = " + k_secret + "`\n",
      "* `" + k_secret + " = 1`\n* `" + k_secret + " = 2`\n",
      "* `A_" + k_secret + "! = 1`\n",
      "* `" + k_secret + " = oops`\n",
  };
  const std::vector<std::string> commands[] = {{"list"},
                                               {"list", "--json"},
                                               {"list", "-v"},
                                               {"get", "A"},
                                               {"get", "A", "-v"},
                                               {"get", "A", "--json"},
                                               {"lint"},
                                               {"lint", "--format", "json"},
                                               {"lint", "--format", "sarif"},
                                               {"lint", "--json"},
                                               {"get", k_secret}};
  for (const std::string& text : registries) {
    registry_is(text);
    for (const auto& command : commands) {
      const auto done = registry(command);
      EXPECT_THAT(done.out + done.err, Not(HasSubstr(k_secret))) << text;
      EXPECT_LT(done.exit_code, 4) << done.err;
    }
  }
}

TEST_F(RegistryCommand, GetAndListSayByWhichRuleASecretIsWithheld) {
  registry_is("* `A = \"" + k_secret + "\"`\n* `SSM_API_TOKEN = \"sh8Gz0QpW3nXv7Rk2Ly9Tb5M\"`\n");
  const auto get = registry({"get", "A"});
  EXPECT_EQ(get.exit_code, 2);
  EXPECT_EQ(get.out, "");
  EXPECT_EQ(get.err,
            "runpin: w/handles.registry.md:1:4: A holds secret material (rule aws-access-key-id), "
            "and is not shown (write the secret's path there instead, and rotate the secret)\n");
  EXPECT_THAT(lines_of(registry({"list"}).out),
              ElementsAre("resolved     A \"[withheld: aws-access-key-id]\"",
                          "resolved     SSM_API_TOKEN \"[withheld: high-entropy-secret-field]\""));
}

TEST_F(RegistryCommand, ExplainShowsNoSecret) {
  const std::filesystem::path w = dir_.path() / "w";
  const std::string settings = read_file(w / "runpin.toml"),
                    registry_text = read_file(w / "handles.registry.md");
  const auto with = [](std::string text, const std::string& from, const std::string& to) {
    EXPECT_NE(text.find(from), std::string::npos) << from;
    return text.replace(text.find(from), from.size(), to);
  };
  for (const char* what : {"digest", "scenario"}) {
    write_file(w / "handles.registry.md", registry_text);
    write_file(w / "runpin.toml",
               with(settings, "uri = \"s3://", "uri = \"s3://" + k_secret + "/"));
    auto done = runpin(dir_.path(), {"-w", "w", "explain", what});
    EXPECT_THAT(done.out + done.err, Not(HasSubstr(k_secret)));
    EXPECT_EQ(done.exit_code, std::string(what) == "scenario" ? 2 : 0) << done.err;
    write_file(w / "runpin.toml", settings);
    write_file(w / "handles.registry.md", with(registry_text, "ORACLE_ENGINE_RUN_ID = \"",
                                               "ORACLE_ENGINE_RUN_ID = \"" + k_secret + "-"));
    done = runpin(dir_.path(), {"-w", "w", "explain", what});
    EXPECT_THAT(done.out + done.err, Not(HasSubstr(k_secret)));
    EXPECT_EQ(done.exit_code, 2) << done.err;
  }
}

TEST_F(RegistryCommand, NoErrorRepeatsASecretFromTheCommandLineOrTheSettings) {
  const std::filesystem::path w = dir_.path() / "w";
  const auto refused = [&](const std::vector<std::string>& arguments) {
    for (const bool json : {false, true}) {
      auto all = arguments;
      if (json) all.push_back("--json");
      const auto done = runpin(dir_.path(), all);
      EXPECT_EQ(done.exit_code, 2);
      EXPECT_THAT(done.out + done.err, Not(HasSubstr(k_secret)));
      EXPECT_THAT(done.err, HasSubstr("withheld"));
    }
  };
  refused({"-w", "w", "run", "--now", k_secret});
  refused({"-w", "w", "run", "--to", k_secret});
  refused({"-w", k_secret, "status"});
  refused({"-w", "w", "registry", "lint", "--format", k_secret});
  const std::string settings = read_file(w / "runpin.toml");
  for (const std::string& flaw :
       {k_secret + " = 1\n", "[" + k_secret + "]\n", "[sources]\na" + k_secret + " = 1\n",
        "[closure]\nnotes = [\"/" + k_secret + "\", 1]\n" + k_secret + " = 1\n"}) {
    write_file(w / "runpin.toml", flaw);
    const auto done = runpin(dir_.path(), {"-w", "w", "status"});
    EXPECT_EQ(done.exit_code, 2);
    EXPECT_THAT(done.out + done.err, Not(HasSubstr(k_secret)));
  }
}

}  // namespace
}  // namespace runpin::testing
