#include "runpin/canon/digest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/runpin_program.h"

namespace runpin::testing {
namespace {

using ::testing::HasSubstr;

class DigestCommand : public ::testing::Test {
 protected:
  Finished digest(const std::string& document, std::vector<std::string> options) {
    write_file(dir_.path() / "document.json", document);
    options.insert(options.begin(), "digest");
    options.push_back("document.json");
    return runpin(dir_.path(), options);
  }
  TempDir dir_;
};

TEST_F(DigestCommand, IsTheHashOfTheCanonicalBytes) {
  const std::string document = "{\"b\": [1, 2.50, 1e3],\n \"a\": \"\\u00e9\"}";
  const auto bytes = digest(document, {"--canonical"});
  EXPECT_EQ(bytes.out, "{\"a\":\"é\",\"b\":[1,2.5,1000.0]}");
  EXPECT_EQ(digest(document, {}).out, sha256(bytes.out).str() + "\n");
}

TEST_F(DigestCommand, ModesDiffer) {
  EXPECT_EQ(digest("[1000.0]", {"--canonical"}).out, "[1000.0]");
  EXPECT_EQ(digest("[1000.0]", {"--canonical", "--mode", "rfc8785"}).out, "[1000]");
}

TEST_F(DigestCommand, JsonDocumentNamesModeAndHash) {
  const Json document = json_of(digest("{}", {"--json", "--canonical", "--mode", "rfc8785"}).out);
  EXPECT_EQ(document["mode"], Json("rfc8785"));
  EXPECT_EQ(document["canonical"], Json("{}"));
  EXPECT_EQ(document["sha256"], Json(sha256("{}").str()));
}

TEST_F(DigestCommand, ReadsStandardInput) {
  auto program = runpin_program(dir_.path(), {"digest", "--canonical", "-"});
  program.input = " [ ] ";
  EXPECT_EQ(run(program).out, "[]");
  program.input = "[1,]";
  const auto bad = run(program);
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_THAT(bad.err, HasSubstr("-:1:4"));
}

TEST_F(DigestCommand, RefusesWhatIsNoSoundJsonWithItsPlace) {
  for (const char* document :
       {"", "{", "{\"a\":1,\"a\":2}", "[NaN]", "[1] x", "\"\\ud800\"", "\"\xff\""}) {
    const auto done = digest(document, {});
    EXPECT_EQ(done.exit_code, 2) << document;
    EXPECT_EQ(done.out, "");
    EXPECT_THAT(done.err, HasSubstr("document.json:1:"));
  }
}

TEST_F(DigestCommand, RefusesAnUnknownMode) {
  const auto done = digest("{}", {"--mode", "yaml"});
  EXPECT_EQ(done.exit_code, 2);
  EXPECT_THAT(done.err,
              HasSubstr("'yaml' is no canonical mode (use json_sorted_keys_v1 or rfc8785)"));
}

}  // namespace
}  // namespace runpin::testing
