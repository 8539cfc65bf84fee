#include "runpin/workspace/workspace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "runpin/base/bytes.h"

namespace runpin {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string k_whole = R"([registry]
path = "handles.registry.md"
[inputs]
m2_receipt       = "inputs/m2j_m3_entry_readiness_receipt.json"
oracle_manifest  = { uri = "s3://example-object-store/oracle/input_manifest.json", file = "inputs/input_manifest.json" }
stack_outputs    = ["inputs/core.outputs.json", "inputs/runtime.outputs.json"]   # `terraform output -json`
runbook          = "docs/run_process_flow.md"
[evidence]
local_root = "runs/dev_substrate/dev_full/m3"
store      = "sqlite:.runpin/platform.db"      # or "s3" (bucket and region from the registry)
[sources]                                      # default for every handle: the registry's literal
ROLE_STEP_FUNCTIONS_ORCHESTRATOR = "output:role_step_functions_orchestrator_arn"
PLATFORM_RUN_ID_SEED = "m2:platform_run_id_seed"
AWS_REGION = "registry"
[orchestrator]
kind = "sqlite:.runpin/platform.db"            # or "step-functions"
[cost]
aws        = "focus:inputs/aws_focus.csv"      # or "cost-explorer"
databricks = "focus:s3://bucket/focus.csv.gz"  # absent where the registry defers it
rates      = "inputs/fx.json"                  # only where a source is not in BUDGET_CURRENCY
[signing]
key = "keys/runpin.pem"                        # optional
[closure]
notes = ["docs/platform.build_plan.md", "docs/logbook.md"]
)";

const std::string k_least = R"([registry]
path = "r.md"
[inputs]
m2_receipt = "m2.json"
oracle_manifest = { uri = "s3://b/k" }
runbook = "run.md"
[evidence]
local_root = "runs"
store = "s3"
[orchestrator]
kind = "step-functions"
[cost]
aws = "cost-explorer"
)";

Workspace parsed(const std::string& toml) {
  auto workspace = Workspace::parse(toml, "runpin.toml");
  EXPECT_TRUE(workspace) << (workspace ? "" : one_line(workspace.error()));
  return workspace.value_or(Workspace{});
}

TEST(Workspace, ReadsEverySettingWithItsPlace) {
  const Workspace w = parsed(k_whole);
  EXPECT_EQ(w.registry.value, "handles.registry.md");
  EXPECT_EQ(w.registry.where, "runpin.toml:2:8");
  EXPECT_EQ(w.m2_receipt.value, "inputs/m2j_m3_entry_readiness_receipt.json");
  EXPECT_EQ(w.m2_receipt.where, "runpin.toml:4:20");
  EXPECT_EQ(w.oracle_manifest.uri.value, "s3://example-object-store/oracle/input_manifest.json");
  EXPECT_EQ(w.oracle_manifest.uri.where, "runpin.toml:5:28");
  EXPECT_EQ(w.oracle_manifest.file->value, "inputs/input_manifest.json");
  ASSERT_EQ(w.stack_outputs.size(), 2u);
  EXPECT_EQ(w.stack_outputs[1].value, "inputs/runtime.outputs.json");
  EXPECT_EQ(w.stack_outputs[1].where, "runpin.toml:6:49");
  EXPECT_EQ(w.runbook.value, "docs/run_process_flow.md");
  EXPECT_EQ(w.local_root.value, "runs/dev_substrate/dev_full/m3");
  EXPECT_EQ(w.store.kind, BackendKind::k_sqlite);
  EXPECT_EQ(w.store.target, ".runpin/platform.db");
  EXPECT_EQ(w.store.where, "runpin.toml:10:14");
  EXPECT_EQ(w.orchestrator.kind, BackendKind::k_sqlite);
  EXPECT_EQ(w.aws_cost->kind, BackendKind::k_focus);
  EXPECT_EQ(w.aws_cost->target, "inputs/aws_focus.csv");
  EXPECT_EQ(w.databricks_cost->target, "s3://bucket/focus.csv.gz");
  EXPECT_EQ(w.rates->value, "inputs/fx.json");
  EXPECT_EQ(w.signing_key->value, "keys/runpin.pem");
  ASSERT_EQ(w.closure_notes.size(), 2u);
  EXPECT_EQ(w.closure_notes[1].value, "docs/logbook.md");
}

TEST(Workspace, NamesTheSourceOfEachHandle) {
  const Workspace w = parsed(k_whole);
  EXPECT_EQ(w.sources.size(), 3u);
  const HandleSource role = w.source_of("ROLE_STEP_FUNCTIONS_ORCHESTRATOR");
  EXPECT_EQ(role.source, SourceClass::k_stack_output);
  EXPECT_EQ(role.name, "role_step_functions_orchestrator_arn");
  EXPECT_EQ(role.where, "runpin.toml:12:36");
  EXPECT_EQ(w.source_of("PLATFORM_RUN_ID_SEED").source, SourceClass::k_m2_handoff);
  EXPECT_EQ(w.source_of("PLATFORM_RUN_ID_SEED").name, "platform_run_id_seed");
  EXPECT_EQ(w.source_of("AWS_REGION").source, SourceClass::k_registry_literal);
  EXPECT_EQ(w.source_of("AWS_REGION").where, "runpin.toml:14:14");
  EXPECT_EQ(w.source_of("ANY_OTHER").source, SourceClass::k_registry_literal);
  EXPECT_EQ(w.source_of("ANY_OTHER").where, "");
  EXPECT_EQ(name_of(SourceClass::k_registry_literal), "registry_literal");
  EXPECT_EQ(name_of(SourceClass::k_m2_handoff), "m2_handoff_artifact");
  EXPECT_EQ(name_of(SourceClass::k_stack_output), "stack_output");
}

TEST(Workspace, NeedsNoMoreThanTheRequiredKeys) {
  const Workspace w = parsed(k_least);
  EXPECT_EQ(w.store.kind, BackendKind::k_s3);
  EXPECT_EQ(w.store.target, "");
  EXPECT_EQ(w.orchestrator.kind, BackendKind::k_step_functions);
  EXPECT_EQ(w.aws_cost->kind, BackendKind::k_cost_explorer);
  EXPECT_FALSE(w.oracle_manifest.file);
  EXPECT_FALSE(w.databricks_cost);
  EXPECT_FALSE(w.rates);
  EXPECT_FALSE(w.signing_key);
  EXPECT_TRUE(w.stack_outputs.empty());
  EXPECT_TRUE(w.closure_notes.empty());
  EXPECT_TRUE(w.sources.empty());
}

TEST(Workspace, TakesTheSameSettingsInEveryShapeThatTomlHas) {
  const std::string shapes = R"(registry.path = "r.md"
cost = { aws = "cost-explorer" }
orchestrator.kind = 'step-functions'
[evidence]
"local_root" = """runs"""
store = "\u0073\u0033"
[inputs]
m2_receipt = "m2.json"
runbook = "run.md"
stack_outputs = []
[inputs.oracle_manifest]
uri = "s3://b/k"
)";
  const Workspace a = parsed(shapes), b = parsed(k_least);
  EXPECT_EQ(a.registry.value, b.registry.value);
  EXPECT_EQ(a.m2_receipt.value, b.m2_receipt.value);
  EXPECT_EQ(a.oracle_manifest.uri.value, b.oracle_manifest.uri.value);
  EXPECT_EQ(a.runbook.value, b.runbook.value);
  EXPECT_EQ(a.local_root.value, b.local_root.value);
  EXPECT_EQ(a.store.kind, b.store.kind);
  EXPECT_EQ(a.orchestrator.kind, b.orchestrator.kind);
  EXPECT_EQ(a.aws_cost->kind, b.aws_cost->kind);
}

TEST(Workspace, CountsColumnsInBytesAlsoBehindABomAndUmlauts) {
  EXPECT_EQ(parsed("\xEF\xBB\xBFregistry = { path = \"r.md\" }\n" +
                   k_least.substr(k_least.find("[inputs]")))
                .registry.where,
            "runpin.toml:1:24");
  const std::string umlauts = replace_all(k_least, "oracle_manifest = { uri",
                                          "oracle_manifest = { file = \"ü/世.json\", uri");
  EXPECT_EQ(parsed(umlauts).oracle_manifest.uri.where, "runpin.toml:5:49");
  EXPECT_EQ(parsed(replace_all(k_least, "\n", "\r\n")).runbook.where, "runpin.toml:6:11");
}

struct Bad {
  const char* what;
  std::string from;  // this part of the least workspace …
  std::string to;    // … becomes that
  const char* where;
  const char* message;
  const char* fix;
};

std::string with(const std::string& addition) {
  return "aws = \"cost-explorer\"\n" + addition;
}
// A key of 1,500 dots.
std::string deep(char name) {
  std::string key(1, name);
  for (int i = 0; i < 1500; ++i) key += {'.', name};
  return key;
}
const std::string k_last = "aws = \"cost-explorer\"\n";

const std::vector<Bad> k_bad = {
    {"open string", "[registry]\n", "\"\n[registry]\n", "1:2", "expected TOML", "double quotes"},
    {"unknown table", k_last, with("[cots]\nx = 1\n"), "14:2", "found `cots`",
     "did you mean `cost`?"},
    {"unknown table far off", k_last, with("[telemetry]\n"), "14:2", "found `telemetry`",
     "remove it"},
    {"unknown key at the top", "[registry]\n", "regstry = 1\n[registry]\n", "1:1",
     "found `regstry`", "did you mean `registry`?"},
    {"unknown key", "path =", "pth =", "2:1", "found `pth`", "did you mean `path`?"},
    {"unknown key in inputs", "runbook =", "run_book =", "6:1", "found `run_book`",
     "did you mean `runbook`?"},
    {"key of another table", "kind =", "databricks = \"focus:x\"\nkind =", "11:1",
     "found `databricks`", "move it to [cost]"},
    {"unknown key in the manifest", "{ uri =", "{ url = \"x\", uri =", "5:21", "found `url`",
     "did you mean `uri`?"},
    {"unknown key with a control character", "path =", "\"pa\\u0007th\" =", "2:1", "found `pa?th`",
     "`path`"},
    {"number for a table", "[registry]\npath = \"r.md\"\n", "registry = 5\n", "1:12",
     "expected a table, found an integer", "[registry]"},
    {"list of tables", "[cost]", "[[cost]]", "12:1", "expected a table, found a list", "[cost]"},
    {"no registry", "[registry]\npath = \"r.md\"\n", "", "1:1",
     "[registry]: expected the key `path`", "write path = \"handles.registry.md\" in [registry]"},
    {"no registry path", "path = \"r.md\"\n", "", "1:1", "expected the key `path`", "write path"},
    {"no receipt", "m2_receipt = \"m2.json\"\n", "", "3:1", "expected the key `m2_receipt`",
     "write m2_receipt"},
    {"no manifest", "oracle_manifest = { uri = \"s3://b/k\" }\n", "", "3:1",
     "expected the key `oracle_manifest`", "write oracle_manifest"},
    {"no manifest uri", "uri = \"s3://b/k\"", "file = \"x\"", "5:19", "expected the key `uri`",
     "write uri"},
    {"no runbook", "runbook = \"run.md\"\n", "", "3:1", "expected the key `runbook`",
     "write runbook"},
    {"no local root", "local_root = \"runs\"\n", "", "7:1", "expected the key `local_root`",
     "write local_root"},
    {"no store", "store = \"s3\"\n", "", "7:1", "expected the key `store`", "write store"},
    {"no kind", "kind = \"step-functions\"\n", "", "10:1", "expected the key `kind`", "write kind"},
    {"no aws cost", k_last, "", "12:1", "expected the key `aws`", "write aws"},
    {"number for a path", "\"r.md\"", "5", "2:8", "expected a string, found an integer",
     "double quotes"},
    {"float for a path", "\"m2.json\"", "1.5", "4:14", "expected a string, found a float",
     "double quotes"},
    {"boolean for a path", "\"run.md\"", "true", "6:11", "expected a string, found a boolean",
     "double quotes"},
    {"list for a path", "\"runs\"", "[\"runs\"]", "8:14", "expected a string, found a list",
     "double quotes"},
    {"table for a store", "\"s3\"", "{}", "9:9", "expected a string, found a table",
     "double quotes"},
    {"date for a kind", "\"step-functions\"", "2026-02-23", "11:8",
     "expected a string, found a date or time", "double quotes"},
    {"string for the manifest", "{ uri = \"s3://b/k\" }", "\"s3://b/k\"", "5:19",
     "expected a table, found a string", "oracle_manifest = {"},
    {"number for the manifest file", "uri = \"s3://b/k\"", "uri = \"s3://b/k\", file = 1", "5:46",
     "expected a string", "double quotes"},
    {"string for stack outputs", "runbook", "stack_outputs = \"x\"\nrunbook", "6:17",
     "expected a list of strings, found a string", "brackets"},
    {"number in stack outputs", "runbook", "stack_outputs = [\"x\", 5]\nrunbook", "6:23",
     "expected a string, found an integer", "double quotes"},
    {"string for notes", k_last, with("[closure]\nnotes = \"x\"\n"), "15:9",
     "expected a list of strings", "brackets"},
    {"empty path", "\"r.md\"", "\"\"", "2:8", "found an empty string", "write the value"},
    {"blank path", "\"r.md\"", "\"  \"", "2:8", "found an empty string", "write the value"},
    {"empty uri", "\"s3://b/k\"", "\"\"", "5:27", "found an empty string", "write the value"},
    {"control character", "\"r.md\"", "\"r\\n.md\"", "2:8", "control character", "remove"},
    {"NUL", "\"run.md\"", "\"run\\u0000.md\"", "6:11", "control character", "remove"},
    {"C1 control character", "\"runs\"", "\"r\\u0085ns\"", "8:14", "control character", "remove"},
    {"unknown store", "\"s3\"", "\"gcs\"", "9:9",
     "expected \"sqlite:PATH\" or \"s3\", found \"gcs\"", "one of them"},
    {"store of an orchestrator", "\"s3\"", "\"step-functions\"", "9:9",
     "expected \"sqlite:PATH\" or \"s3\"", "one of them"},
    {"s3 with a bucket", "\"s3\"", "\"s3:bucket\"", "9:9", "expected \"s3\", found \"s3:…\"",
     "comes from the registry"},
    {"sqlite without a path", "\"s3\"", "\"sqlite:\"", "9:9", "expected \"sqlite:PATH\"",
     "behind the colon"},
    {"sqlite alone", "\"s3\"", "\"sqlite\"", "9:9", "expected \"sqlite:PATH\"", "behind the colon"},
    {"sqlite in memory", "\"s3\"", "\"sqlite::memory:\"", "9:9", "special to SQLite",
     ".runpin/platform.db"},
    {"sqlite as a URI", "\"s3\"", "\"sqlite:file:x?mode=memory\"", "9:9", "special to SQLite",
     "platform.db"},
    {"absolute store", "\"s3\"", "\"sqlite:/var/x.db\"", "9:9", "found an absolute one",
     "within the workspace"},
    {"climbing store", "\"s3\"", "\"sqlite:a/../../x.db\"", "9:9", "climbs out",
     "within the workspace"},
    {"unknown orchestrator", "\"step-functions\"", "\"airflow\"", "11:8",
     "expected \"sqlite:PATH\" or \"step-functions\", found \"airflow\"", "one of them"},
    {"climbing orchestrator", "\"step-functions\"", "\"sqlite:../x.db\"", "11:8", "climbs out",
     "within"},
    {"unknown cost", "\"cost-explorer\"", "\"invoice\"", "13:7",
     "expected \"focus:PATH-OR-S3-URI\" or \"cost-explorer\", found \"invoice\"", "one of them"},
    {"focus without a path", "\"cost-explorer\"", "\"focus:\"", "13:7", "expected \"focus:PATH",
     "behind the colon"},
    {"focus by http", "\"cost-explorer\"", "\"focus:https://x/y.csv\"", "13:7", "another URI",
     "whole S3 URI"},
    {"focus of a bucket alone", "\"cost-explorer\"", "\"focus:s3://bucket/\"", "13:7",
     "another URI", "whole S3 URI"},
    {"focus without a bucket", "\"cost-explorer\"", "\"focus:s3:///key\"", "13:7", "another URI",
     "whole S3 URI"},
    {"databricks by cost explorer", k_last, with("databricks = \"cost-explorer\"\n"), "14:14",
     "expected \"focus:PATH-OR-S3-URI\", found \"cost-explorer\"", "one of them"},
    {"number for rates", k_last, with("rates = 1.1\n"), "14:9", "expected a string, found a float",
     "quotes"},
    {"number for the signing key", k_last, with("[signing]\nkey = 1\n"), "15:7",
     "expected a string", "quotes"},
    {"unknown source", k_last, with("[sources]\nA = \"env:HOME\"\n"), "15:5",
     "expected \"registry\", \"output:NAME\" or \"m2:FIELD\", found \"env:…\"", "stack output"},
    {"source without a name", k_last, with("[sources]\nA = \"output:\"\n"), "15:5",
     "expected \"registry\"", "name the"},
    {"source with a blank", k_last, with("[sources]\nA = \"m2: x\"\n"), "15:5",
     "expected \"registry\"", "name the"},
    {"number for a source", k_last, with("[sources]\nA = 1\n"), "15:5", "expected a string",
     "quotes"},
    {"source of no handle", k_last, with("[sources]\nrole_a = \"registry\"\n"), "15:1",
     "found `role_a`", "capitals"},
    {"source of an empty name", k_last, with("[sources]\n\"\" = \"registry\"\n"), "15:1",
     "name of a handle", "capitals"},
    {"absolute local root", "\"runs\"", "\"/var/runs\"", "8:14", "found an absolute one",
     "within the workspace"},
    {"climbing local root", "\"runs\"", "\"..\"", "8:14", "climbs out", "within the workspace"},
    {"root that climbs within", "\"runs\"", "\"a/../b\"", "8:14", "climbs out",
     "within the workspace"},
    {"absolute note", k_last, with("[closure]\nnotes = [\"a.md\", \"/b.md\"]\n"), "15:18",
     "absolute", "within"},
    {"climbing note", k_last, with("[closure]\nnotes = [\"../b.md\"]\n"), "15:10", "climbs out",
     "within"},
    {"note twice", k_last, with("[closure]\nnotes = [\"a.md\", \"b.md\", \"a.md\"]\n"), "15:26",
     "stands at runpin.toml:15:10 already", "remove one"},
    {"note twice, spelled otherwise", k_last,
     with("[closure]\nnotes = [\"d/a.md\", \"./d//a.md\"]\n"), "15:20",
     "stands at runpin.toml:15:10 already", "remove one"},
    {"no TOML", "path =", "path", "2:6", "expected TOML", "correct the file"},
    {"key twice", "path = \"r.md\"\n", "path = \"r.md\"\npath = \"s.md\"\n", "3:8", "expected TOML",
     "once"},
    {"string not closed", "\"r.md\"", "\"r.md", "2:13", "expected TOML", "correct the file"},
    {"a long word for a store", "\"s3\"", "\"github_pat_11AAAAAAA0123456789_abcdefghij\"", "9:9",
     "found a text of 41 bytes", "one of them"},
    {"deep table", k_last, with("[" + deep('a') + "]\n"), "14:2003", "at most 1000 dots",
     "without dots"},
    {"deep key", k_last, with(deep('a') + " = 1\n"), "14:2002", "at most 1000 dots",
     "without dots"},
    {"deep key behind strings and comments", k_last,
     with("a = \"\"\"x\\\"\"\"\"\" # \"\nb = 'x\\' # '\nc = \"#\\\"\"\nd = '''\n\"'''\n[\"" +
          deep('q') + "\"." + deep('a') + "]\n"),
     "19:5005", "at most 1000 dots", "without dots"},
    {"no UTF-8", "\"r.md\"", "\"r\xFF.md\"", "2:10", "expected UTF-8", "save the file as UTF-8"},
};

class WorkspaceError : public testing::TestWithParam<Bad> {};

TEST_P(WorkspaceError, NamesThePlaceWhatIsWrongAndWhatToDo) {
  const Bad& bad = GetParam();
  std::string text = k_least;
  const std::size_t at = text.find(bad.from);
  ASSERT_NE(at, std::string::npos) << bad.what;
  text.replace(at, bad.from.size(), bad.to);
  const auto workspace = Workspace::parse(text, "w/runpin.toml");
  ASSERT_FALSE(workspace) << bad.what;
  const Error& error = workspace.error();
  EXPECT_EQ(error.kind, ErrorKind::k_config) << bad.what;
  EXPECT_EQ(error.where, std::string("w/runpin.toml:") + bad.where)
      << bad.what << ": " << error.message;
  std::string message = replace_all(error.message, "w/runpin.toml", "runpin.toml");
  EXPECT_THAT(message, HasSubstr(bad.message)) << bad.what;
  EXPECT_THAT(message, HasSubstr("expected")) << bad.what;
  EXPECT_THAT(message, HasSubstr("found")) << bad.what;
  EXPECT_THAT(error.fix, HasSubstr(bad.fix)) << bad.what;
  EXPECT_THAT(one_line(error), Not(HasSubstr("\n"))) << bad.what;
}

INSTANTIATE_TEST_SUITE_P(Table, WorkspaceError, testing::ValuesIn(k_bad),
                         [](const auto& row) { return "Row" + std::to_string(row.index); });

TEST(Workspace, TellsAnUnknownNameBeforeTheKeyThatIsMissingForIt) {
  const auto workspace = Workspace::parse(replace_all(k_least, "kind", "knid"), "runpin.toml");
  EXPECT_EQ(workspace.error().where, "runpin.toml:11:1");
  EXPECT_THAT(workspace.error().fix, HasSubstr("`kind`"));
}

TEST(Workspace, NeverRepeatsAPasswordInAUrl) {
  for (const char* key : {"\"s3\"", "\"step-functions\"", "\"cost-explorer\""}) {
    const auto workspace = Workspace::parse(
        replace_all(k_least, key, "\"postgres://me:hunter2@db/x\""), "runpin.toml");
    ASSERT_FALSE(workspace);
    EXPECT_THAT(one_line(workspace.error()), Not(HasSubstr("hunter2")));
  }
}

TEST(Workspace, AnEmptyFileAsksForTheFirstRequiredKey) {
  const auto workspace = Workspace::parse("", "runpin.toml");
  ASSERT_FALSE(workspace);
  EXPECT_EQ(workspace.error().where, "runpin.toml:1:1");
  EXPECT_THAT(workspace.error().fix, HasSubstr("write path ="));
}

TEST(Workspace, EveryCutOfTheTextIsAWorkspaceOrAnErrorWithItsPlace) {
  std::size_t refused = 0;
  for (std::size_t size = 0; size < k_whole.size(); ++size) {
    const auto workspace = Workspace::parse(std::string_view(k_whole).substr(0, size), "t");
    if (workspace) continue;
    ++refused;
    EXPECT_THAT(workspace.error().where, testing::StartsWith("t:"));
    EXPECT_NE(workspace.error().fix, "");
  }
  EXPECT_GT(refused, k_whole.size() / 2);
}

}  // namespace
}  // namespace runpin
