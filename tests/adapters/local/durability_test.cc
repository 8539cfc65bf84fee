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
  EXPECT_EQ(sync_count, before + 4);  // and the directory that holds them
  before = sync_count;
  ASSERT_TRUE(local.commit("m3a"));
  EXPECT_EQ(sync_count,
            before + 3);  // m3 that names m3a, and the two that name the new runs and m3
  ASSERT_TRUE(local.stage("m3b", {{"a", "A"}}));
  before = sync_count;
  ASSERT_TRUE(local.commit("m3b"));
  EXPECT_EQ(sync_count, before + 1);
}

// Who discards has made a directory in which another execution is committed.
TEST(LocalDurability, WhatADiscardedExecutionMadeIsSyncedByTheNext) {
  const testing::TempDir dir;
  DirectoryArtifacts local(dir.path() / "m3", "m3");
  ASSERT_TRUE(local.stage("m3a", {{"a", "A"}}));
  ASSERT_TRUE(local.stage("m3b", {{"a", "A"}}));
  local.discard("m3a");
  const long before = sync_count;
  ASSERT_TRUE(local.commit("m3b"));
  EXPECT_EQ(sync_count, before + 2);
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
