// What a success promises is on the disk, not in a cache.
#include <gtest/gtest.h>

#include "runpin/adapters/local/directory_artifacts.h"
#include "runpin/adapters/local/local_documents.h"
#include "tests/adapters/sync_count.h"
#include "tests/adapters/temp_dir.h"

namespace runpin {
namespace {

using testing::sync_count;

TEST(LocalDurability, StagingSyncsEveryFileAndCommittingEveryDirectory) {
  const testing::TempDir dir;
  DirectoryArtifacts local(dir.path() / "runs" / "m3", "runs/m3");
  long before = sync_count;
  ASSERT_TRUE(local.stage("m3a", {{"a", "A"}, {"b", "B"}, {"c", "C"}}));
  EXPECT_EQ(sync_count, before + 3);
  before = sync_count;
  ASSERT_TRUE(local.commit("m3a"));
  EXPECT_EQ(sync_count, before + 4);  // m3a, and the three that name the new runs, m3 and m3a
  ASSERT_TRUE(local.stage("m3b", {{"a", "A"}}));
  before = sync_count;
  ASSERT_TRUE(local.commit("m3b"));
  EXPECT_EQ(sync_count, before + 2);  // m3b, and m3 that names it
}

TEST(LocalDurability, AppendingSyncsTheFileAndItsDirectory) {
  const testing::TempDir dir;
  testing::write_file(dir.path() / "f", "x");
  LocalDocuments documents(dir.path());
  const long before = sync_count;
  ASSERT_TRUE(documents.append_once("f", "n", "n\n"));
  EXPECT_EQ(sync_count, before + 2);
}

}  // namespace
}  // namespace runpin
