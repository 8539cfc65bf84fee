#include "runpin/adapters/local/terraform_outputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runpin/adapters/local/child_process.h"
#include "runpin/adapters/local/file_stack_outputs.h"
#include "runpin/adapters/local/local_documents.h"
#include "tests/adapters/temp_dir.h"

namespace runpin {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using testing::TempDir;

// `script` stands for terraform: what it prints and how it ends is what is tested.
Result<std::vector<StackOutput>> read_with(const TempDir& dir, std::vector<std::string> words,
                                           milliseconds deadline = milliseconds(20000),
                                           std::size_t max_bytes = 1 << 20) {
  std::filesystem::create_directories(dir.path() / "infra/core");
  LocalDocuments documents(dir.path());
  FileStackOutputs files(documents);
  TerraformOutputs outputs(files, dir.path(), {std::move(words), deadline, max_bytes});
  return outputs.read("infra/core");
}

std::vector<std::string> sh(const std::string& script) {
  return {"sh", "-c", script};
}

TEST(TerraformOutputs, ReadsWhatTheProgramPrintsInThatDirectory) {
  TempDir dir;
  const auto outputs = read_with(
      dir, sh(R"(printf '{"here":{"sensitive":false,"type":"string","value":"%s"},)"
              R"("key":{"sensitive":true,"type":"string","value":"hidden"}}' "${PWD##*/}")"));
  ASSERT_TRUE(outputs) << one_line(outputs.error());
  ASSERT_EQ(outputs->size(), 2u);
  EXPECT_EQ((*outputs)[0].value, Json("core"));
  EXPECT_EQ((*outputs)[0].origin, "infra/core");
  EXPECT_TRUE((*outputs)[1].sensitive);
  EXPECT_TRUE((*outputs)[1].value.is_null());
}

TEST(TerraformOutputs, LeavesFilesToTheOtherReader) {
  TempDir dir;
  testing::write_file(dir.path() / "core.json", R"({"a":{"sensitive":false,"value":1}})");
  LocalDocuments documents(dir.path());
  FileStackOutputs files(documents);
  TerraformOutputs outputs(files, dir.path(), {{"false"}, milliseconds(1000), 10});
  EXPECT_EQ(outputs.read("core.json")->size(), 1u);
  EXPECT_EQ(outputs.read("absent.json").error().kind, ErrorKind::k_not_found);
}

struct Fault {
  const char* name;
  std::vector<std::string> words;
  ErrorKind kind;
  const char* message;
  milliseconds deadline = milliseconds(20000);
};

class TerraformFault : public ::testing::TestWithParam<Fault> {};

TEST_P(TerraformFault, IsNamedWithTheSettingAndAFix) {
  TempDir dir;
  const auto outputs = read_with(dir, GetParam().words, GetParam().deadline, 1000);
  ASSERT_FALSE(outputs);
  EXPECT_EQ(outputs.error().kind, GetParam().kind) << one_line(outputs.error());
  EXPECT_THAT(outputs.error().message, HasSubstr(GetParam().message));
  EXPECT_THAT(outputs.error().where, HasSubstr("infra/core"));
  EXPECT_THAT(one_line(outputs.error()), Not(HasSubstr(dir.path().string())));
  EXPECT_FALSE(outputs.error().fix.empty());
}

INSTANTIATE_TEST_SUITE_P(
    All, TerraformFault,
    ::testing::Values(
        Fault{"absent", {"no-such-program-here"}, ErrorKind::k_not_found, "is not installed"},
        Fault{"fails", sh("echo '{}'; exit 3"), ErrorKind::k_unavailable, "exit code 3"},
        Fault{"killed", sh("kill -TERM $$"), ErrorKind::k_unavailable, "signal 15"},
        Fault{"silent", sh("sleep 600"), ErrorKind::k_unavailable, "did not end within 0.3 s",
              milliseconds(300)},
        Fault{"silent_with_a_child", sh("sleep 600 & wait"), ErrorKind::k_unavailable,
              "did not end within", milliseconds(300)},
        Fault{"endless", sh("while :; do echo xxxxxxxxxxxxxxxxxxxx; done"),
              ErrorKind::k_unavailable, "prints too much"},
        Fault{"no_json", sh("echo 'No outputs found'"), ErrorKind::k_malformed, ""},
        Fault{"empty", sh(":"), ErrorKind::k_malformed, ""},
        Fault{"no_outputs", sh("echo '{}'"), ErrorKind::k_malformed, "there are no outputs"}),
    [](const auto& fault) { return fault.param.name; });

TEST(ChildProcess, GetsAnEmptyStdin) {
  TempDir dir;
  const auto seen = run_child({sh("cat; echo end"), dir.path(), milliseconds(20000), 100});
  ASSERT_TRUE(seen) << one_line(seen.error());
  EXPECT_EQ(*seen, "end\n");
}

}  // namespace
}  // namespace runpin
