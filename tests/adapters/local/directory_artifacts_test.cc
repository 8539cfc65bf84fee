#include "runpin/adapters/local/directory_artifacts.h"

#include <gtest/gtest.h>

#include "tests/adapters/in_child.h"
#include "tests/adapters/temp_dir.h"

namespace runpin {
namespace {

using testing::names_in;
using testing::read_file;
using testing::write_file;

namespace fs = std::filesystem;
using Files = std::vector<std::pair<std::string, Bytes>>;
using Names = std::vector<std::string>;

constexpr char k_id[] = "m3a_20260223T174307Z";

class DirectoryArtifactsTest : public ::testing::Test {
 protected:
  fs::path root() const { return dir_.path() / "runs" / "m3"; }
  fs::path execution() const { return root() / k_id; }
  bool has_execution() const { return fs::exists(execution()); }
  void expect_no_real_path(const Error& error) const {
    EXPECT_EQ(one_line(error).find(dir_.path().string()), std::string::npos) << one_line(error);
  }

  testing::TempDir dir_;
  DirectoryArtifacts local_{root(), "runs/m3"};
};

TEST_F(DirectoryArtifactsTest, FilesGetTheirNamesOnlyWhenCommitted) {
  ASSERT_TRUE(local_.stage(k_id, {{"a.json", "A"}, {"b.json", std::string("B\0", 2)}}));
  EXPECT_FALSE(has_execution());
  EXPECT_FALSE(*local_.holds(k_id));
  ASSERT_TRUE(local_.commit(k_id));
  EXPECT_TRUE(*local_.holds(k_id));
  EXPECT_EQ(names_in(root()), Names{k_id});
  EXPECT_EQ(names_in(execution()), (Names{"a.json", "b.json"}));
  EXPECT_EQ(read_file(execution() / "a.json"), "A");
  EXPECT_EQ(read_file(execution() / "b.json"), std::string("B\0", 2));
}

TEST_F(DirectoryArtifactsTest, DiscardingLeavesNothing) {
  ASSERT_TRUE(local_.stage(k_id, {{"a.json", "A"}}));
  local_.discard(k_id);
  EXPECT_EQ(names_in(dir_.path()), Names());
  local_.discard(k_id);
  local_.discard("never_staged");
  EXPECT_FALSE(local_.commit(k_id));
}

TEST_F(DirectoryArtifactsTest, WhatStandsThereIsKeptAndRefused) {
  fs::create_directories(execution());
  write_file(execution() / "other", "x");
  EXPECT_EQ(local_.stage(k_id, {{"a.json", "A"}}).error().kind, ErrorKind::k_conflict);
  EXPECT_EQ(names_in(root()), Names{k_id});
  EXPECT_EQ(names_in(execution()), Names{"other"});
}

TEST_F(DirectoryArtifactsTest, AnEmptyDirectoryIsNothing) {
  fs::create_directories(execution());
  EXPECT_FALSE(*local_.holds(k_id));
  ASSERT_TRUE(local_.stage(k_id, {{"a.json", "A"}}));
  ASSERT_TRUE(local_.commit(k_id));
  EXPECT_EQ(names_in(execution()), Names{"a.json"});
}

TEST_F(DirectoryArtifactsTest, NeverReplacesAnArtifact) {
  ASSERT_TRUE(local_.stage(k_id, {{"a.json", "A"}}));
  ASSERT_TRUE(local_.commit(k_id));
  const auto again = local_.stage(k_id, {{"b.json", "B"}, {"a.json", "A"}});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::k_conflict);
  EXPECT_EQ(again.error().where, "runs/m3/m3a_20260223T174307Z");
  EXPECT_EQ(names_in(execution()), Names{"a.json"});
  EXPECT_EQ(read_file(execution() / "a.json"), "A");
}

TEST_F(DirectoryArtifactsTest, CommittingNeverReplacesWhatAppearedMeanwhile) {
  ASSERT_TRUE(local_.stage(k_id, {{"a.json", "A"}}));
  fs::create_directory(execution());
  write_file(execution() / "a.json", "other");
  const auto committed = local_.commit(k_id);
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().kind, ErrorKind::k_conflict);
  local_.discard(k_id);
  EXPECT_EQ(names_in(execution()), Names{"a.json"});
  EXPECT_EQ(read_file(execution() / "a.json"), "other");
}

TEST_F(DirectoryArtifactsTest, CommittingTakesTheSameFilesForItsOwn) {
  ASSERT_TRUE(local_.stage(k_id, {{"a.json", "A"}}));
  fs::create_directory(execution());
  write_file(execution() / "a.json", "A");
  EXPECT_TRUE(local_.commit(k_id));
  EXPECT_EQ(names_in(root()), Names{k_id});
}

TEST_F(DirectoryArtifactsTest, RefusesNamesThatAreNone) {
  for (const std::string& name : {std::string(), std::string("a/b"), std::string(".hidden"),
                                  std::string(".."), std::string("a\0b", 3)}) {
    EXPECT_FALSE(local_.stage(k_id, {{"fine", "x"}, {name, "x"}}));
    EXPECT_FALSE(local_.stage(name, {{"fine", "x"}}));
    EXPECT_EQ(names_in(dir_.path()), Names());
  }
  EXPECT_EQ(local_.stage(k_id, {{"a", "1"}, {"a", "2"}}).error().kind, ErrorKind::k_conflict);
  EXPECT_EQ(names_in(dir_.path()), Names());
}

TEST_F(DirectoryArtifactsTest, TheNextStageTakesAwayWhatACrashLeft) {
  const int code = testing::in_child([&] {
    DirectoryArtifacts crashing(root(), "runs/m3");
    return crashing.stage("m3z_before", {{"a.json", "half"}, {"old.json", "x"}}) ? 7 : 1;
  });
  ASSERT_EQ(code, 7);
  EXPECT_EQ(names_in(root()).size(), 1u);
  ASSERT_TRUE(local_.stage(k_id, {{"a.json", "whole"}}));
  ASSERT_TRUE(local_.commit(k_id));
  EXPECT_EQ(names_in(root()), Names{k_id});
  EXPECT_EQ(read_file(execution() / "a.json"), "whole");
}

TEST_F(DirectoryArtifactsTest, WhatAnotherIsStagingIsLeftToIt) {
  DirectoryArtifacts other(root(), "runs/m3");
  ASSERT_TRUE(other.stage("m3b", {{"a", "B"}}));
  ASSERT_TRUE(local_.stage(k_id, {{"a", "A"}}));
  ASSERT_TRUE(local_.commit(k_id));
  ASSERT_TRUE(other.commit("m3b"));
  EXPECT_EQ(names_in(root()), (Names{k_id, "m3b"}));
}

TEST_F(DirectoryArtifactsTest, ExecutionsAreStagedApart) {
  ASSERT_TRUE(local_.stage(k_id, {{"a", "A"}}));
  ASSERT_TRUE(local_.stage("m3b", {{"a", "B"}}));
  local_.discard(k_id);
  ASSERT_TRUE(local_.commit("m3b"));
  EXPECT_EQ(names_in(root()), Names{"m3b"});
}

TEST_F(DirectoryArtifactsTest, AFileWhereADirectoryShouldBeIsAnError) {
  write_file(dir_.path() / "runs", "x");
  const auto staged = local_.stage(k_id, {{"a", "A"}});
  ASSERT_FALSE(staged);
  EXPECT_EQ(one_line(staged.error()),
            "runs: runs is a file where a directory should be (move it away)");
  expect_no_real_path(staged.error());
  EXPECT_EQ(names_in(dir_.path()), Names{"runs"});
}

TEST_F(DirectoryArtifactsTest, ADirectoryThatMayNotBeWrittenIsDenied) {
  fs::permissions(dir_.path(), fs::perms(0555));
  const int code = testing::in_child([&] {
    if (!testing::drop_privileges()) return 99;
    return local_.stage(k_id, {{"a", "A"}}).error().kind == ErrorKind::k_denied ? 0 : 1;
  });
  fs::permissions(dir_.path(), fs::perms(0755));
  EXPECT_EQ(code, 0);
}

}  // namespace
}  // namespace runpin
