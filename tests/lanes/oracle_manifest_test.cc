#include "runpin/lanes/oracle_manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"

namespace runpin {
namespace {

using ::testing::HasSubstr;

constexpr const char* k_uri = "s3://depot/oracle/winter/run-42/input_manifest.json";

Json pinned(Json value) {
  return object({{"state", "resolved"}, {"value", std::move(value)}});
}

Json handles() {
  return object(
      {{"ORACLE_REQUIRED_OUTPUT_IDS", pinned(array({"scans", "routes"}))},
       {"ORACLE_SORT_KEY_BY_OUTPUT_ID", pinned(object({{"scans", "at"}, {"routes", "at"}}))},
       {"ORACLE_ENGINE_RUN_ID", pinned("run-42")},
       {"ORACLE_SOURCE_NAMESPACE", pinned("winter")},
       {"ORACLE_STORE_BUCKET", pinned("depot")},
       {"S3_ORACLE_INPUT_PREFIX_PATTERN",
        pinned("oracle/{oracle_source_namespace}/{oracle_engine_run_id}/")}});
}

// What is found wrong with the manifest `text`, "" when nothing is.
std::string flaw_of(const std::string& text, const std::string& uri = k_uri,
                    const Json& handle_facts = handles()) {
  const HandleFacts facts(handle_facts);
  const Json manifest = object({{"uri", uri},
                                {"path", "m.json"},
                                {"where", "runpin.toml:9:1"},
                                {"says", manifest_says(read_json(text, "m").value(), facts)}});
  const auto flaw = manifest_flaw(manifest, facts);
  return flaw ? flaw->found : "";
}

TEST(OracleManifest, OfTheRunsInputHasNoFlaw) {
  for (const char* text :
       {R"({"outputs": [{"output_id": "scans"}, {"output_id": "routes"}, {"output_id": "more"}]})",
        R"({"outputs": [{"output_id": "scans", "sort_key": "at"}, {"output_id": "routes"}],
            "oracle_engine_run_id": "run-42", "source_namespace": "winter"})",
        R"({"outputs": {"scans": {}, "routes": {}}})", R"({"outputs": ["scans", "routes"]})",
        R"({"files": ["oracle/output_id=scans/part-0", "oracle/output_id=routes/part-0"]})",
        R"({"scans": 1, "routes": 2})",
        R"({"outputs": ["scans", "routes"],
            "manifest_uri": "s3://depot/oracle/winter/run-42/input_manifest.json"})"})
    EXPECT_EQ(flaw_of(text), "") << text;
}

TEST(OracleManifest, IsRefusedWhereItIsNotThatOfTheRunsInput) {
  const std::pair<const char*, const char*> k_wrong[] = {
      {"{}", "an empty object"},
      {"[]", "array"},
      {"null", "null"},
      {"\"scans routes\"", "text"},
      {"1", "number"},
      {R"({"manifest_version": 1})", "not named: scans, routes"},
      {R"({"outputs": []})", "not named: scans, routes"},
      {R"({"outputs": [{"output_id": "scans"}]})", "not named: routes"},
      {R"({"outputs": [{"output_id": "scans", "after": "routes"}]})", "not named: routes"},
      {R"({"outputs": ["scans"], "left_out": ["routes"]})", "not named: routes"},
      {R"({"outputs": ["scans", "old_routes", "routes2"]})", "not named: routes"},
      {R"({"outputs": ["scans", "rоutes"]})", "not named: routes"},  // a Cyrillic o
      {R"({"outputs": ["scans", "routes"], "engine_run_id": "run-41"})", "run-41"},
      {R"({"outputs": ["scans", "routes"], "oracle_engine_run_id": null})", "null"},
      {R"({"outputs": ["scans", "routes"], "oracle_source_namespace": "summer"})", "summer"},
      {R"({"outputs": ["scans", "routes"], "uri": "s3://depot/other.json"})", "other.json"},
      {R"({"outputs": [{"output_id": "scans", "sort_key": "id"}, {"output_id": "routes"}]})",
       "\"id\""},
      {R"({"outputs": [{}, {"output_id": "scans", "sort_key": "id"}, {"output_id": "routes"}]})",
       "\"id\""},
      {R"({"outputs": {"scans": {"sort_key": "id"}, "routes": {}}})", "\"id\""},
      {R"({"outputs": [{"output_id": "other", "missing": "scans, routes"}, {}]})",
       "not named: scans, routes"},
      {R"({"outputs": [{"output_id": "scans", "sort_key": "at"}, {"output_id": "routes"},
                       {"output_id": "scans", "sort_key": "id"}]})",
       "\"id\""}};
  for (const auto& [text, found] : k_wrong) EXPECT_THAT(flaw_of(text), HasSubstr(found)) << text;
}

TEST(OracleManifest, LiesWhereTheRegistrySays) {
  const char* const k_sound = R"({"outputs": ["scans", "routes"]})";
  for (const char* uri :
       {"s3://example-object-store/oracle/input_manifest.json",
        "s3://depot/oracle/winter/run-41/input_manifest.json", "s3://depot/oracle/winter/run-42/",
        "https://depot/oracle/winter/run-42/input_manifest.json"})
    EXPECT_EQ(flaw_of(k_sound, uri), uri);
  EXPECT_EQ(
      flaw_of(k_sound, "s3://elsewhere/m.json", Json(handles()).set("ORACLE_STORE_BUCKET", {})),
      "");
}

TEST(OracleManifest, IsHeldInFactsWithoutSecretOrLength) {
  const std::string secret = std::string("AKIA") + "Z7QW3MXK5RTP2LHV";
  const Json said = manifest_says(object({{"engine_run_id", secret},
                                          {"uri", std::string(100'000, 'x')},
                                          {"source_namespace", array({secret})}}),
                                  HandleFacts(handles()));
  EXPECT_THAT(canonical(said), ::testing::Not(HasSubstr(secret)));
  EXPECT_LT(canonical(said).size(), 1000u);
}

}  // namespace
}  // namespace runpin
