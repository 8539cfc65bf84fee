#include "runpin/adapters/local/file_stack_outputs.h"

#include <gtest/gtest.h>

#include "runpin/adapters/local/local_documents.h"
#include "runpin/canon/json_writer.h"
#include "tests/adapters/temp_dir.h"

namespace runpin {
namespace {

TEST(FileStackOutputs, ReadsWhatTerraformWrites) {
  const testing::TempDir dir;
  testing::write_file(dir.path() / "core.json", R"({
    "role_arn": {"sensitive": false, "type": "string", "value": "arn:aws:iam::123456789012:role/x"},
    "subnets": {"sensitive": false, "type": ["list", "string"], "value": ["a", "b"]},
    "password": {"sensitive": true, "type": "string", "value": "hunter2"},
    "nothing": {"sensitive": false, "type": "string", "value": null}
  })");
  LocalDocuments documents(dir.path());
  const auto outputs = FileStackOutputs(documents).read("core.json");
  ASSERT_TRUE(outputs) << one_line(outputs.error());
  std::string seen;
  for (const StackOutput& output : *outputs) {
    seen += output.name + (output.sensitive ? "!" : "") + "=" + canonical(output.value) + " ";
    EXPECT_EQ(output.origin, "core.json");
  }
  EXPECT_EQ(seen,
            "nothing=null password!=null role_arn=\"arn:aws:iam::123456789012:role/x\" "
            "subnets=[\"a\",\"b\"] ");
}

// No outputs contradict nothing, and so prove nothing.
TEST(FileStackOutputs, NoOutputsAreAnError) {
  const auto outputs = parse_stack_outputs("{}", "f.json");
  ASSERT_FALSE(outputs);
  EXPECT_EQ(outputs.error().kind, ErrorKind::k_malformed);
  EXPECT_EQ(outputs.error().where, "f.json");
  EXPECT_EQ(outputs.error().message, "there are no outputs");
}

TEST(FileStackOutputs, NamesWhatIsMalformed) {
  const struct {
    std::string json, where, message;
  } rows[] = {
      {"[]", "f.json", "expected an object of outputs by name"},
      {R"({"a": "x"})", "f.json", "output 'a' is no object with a \"value\""},
      {R"({"a": {"sensitive": false}})", "f.json", "output 'a' has no \"value\""},
      {R"({"a": {"value": 1}})", "f.json", "output 'a' does not say whether it is \"sensitive\""},
      {R"({"a": {"value": 1, "sensitive": "no"}})", "f.json",
       "output 'a' does not say whether it is \"sensitive\""},
  };
  for (const auto& row : rows) {
    const auto outputs = parse_stack_outputs(row.json, "f.json");
    ASSERT_FALSE(outputs) << row.json;
    EXPECT_EQ(outputs.error().kind, ErrorKind::k_malformed);
    EXPECT_EQ(outputs.error().where, row.where);
    EXPECT_EQ(outputs.error().message, row.message);
    EXPECT_EQ(outputs.error().fix, "write the file with: terraform output -json");
  }
}

TEST(FileStackOutputs, PointsAtJsonThatIsCutOff) {
  const auto outputs = parse_stack_outputs("{\n  \"a\": {\"value\": ", "f.json");
  ASSERT_FALSE(outputs);
  EXPECT_EQ(outputs.error().kind, ErrorKind::k_malformed);
  EXPECT_TRUE(outputs.error().where.starts_with("f.json:2:")) << outputs.error().where;
}

TEST(FileStackOutputs, ADirectoryIsNoFile) {
  const testing::TempDir dir;
  std::filesystem::create_directory(dir.path() / "stack");
  LocalDocuments documents(dir.path());
  const auto outputs = FileStackOutputs(documents).read("stack");
  ASSERT_FALSE(outputs);
  EXPECT_EQ(outputs.error().kind, ErrorKind::k_io);
  EXPECT_EQ(outputs.error().where, "stack");
}

}  // namespace
}  // namespace runpin
