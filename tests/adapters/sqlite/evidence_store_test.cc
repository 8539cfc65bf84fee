#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "runpin/adapters/sqlite/sqlite_evidence_store.h"
#include "runpin/canon/digest.h"
#include "tests/adapters/sqlite/temp_db.h"

namespace runpin {
namespace {

using testing::k_name;

class SqliteEvidenceStoreTest : public testing::PlatformDbTest {
 protected:
  Result<PutResult> create(const std::string& key, const Bytes& bytes) {
    return store().create({ObjectKey(key), bytes});
  }
  std::string get(const std::string& key) {
    const auto got = store().get(ObjectKey(key));
    if (!got) return "error: " + std::string(name_of(got.error().kind));
    return *got ? "bytes: " + (*got)->bytes : "absent";
  }
  std::vector<std::string> list(const std::string& prefix, std::size_t limit = 0) {
    std::vector<std::string> keys;
    for (const auto& key : testing::value_of(store().list(prefix, limit)))
      keys.push_back(key.str());
    return keys;
  }
  // The statement that made a trigger; "" where there is none.
  std::string made_by(const std::string& trigger) {
    return raw()
        .execAndGet("SELECT coalesce(max(sql), '') FROM sqlite_master WHERE name = '" + trigger +
                    "'")
        .getString();
  }
  std::int64_t rows() { return raw().execAndGet("SELECT count(*) FROM objects").getInt64(); }

  SqliteEvidenceStore& store() {
    if (!store_) store_.emplace(file(), k_name);
    return *store_;
  }

 private:
  std::optional<SqliteEvidenceStore> store_;
};

TEST_F(SqliteEvidenceStoreTest, CreatesOnceAndRecognisesItsOwnBytes) {
  const auto first = create("a/b.json", "one");
  ASSERT_TRUE(first) << one_line(first.error());
  EXPECT_EQ(first->outcome, PutOutcome::k_created);
  const auto again = create("a/b.json", "one");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->outcome, PutOutcome::k_already_there);
  EXPECT_EQ(again->etag, first->etag);
  EXPECT_EQ(first->etag, '"' + sha256("one").str().substr(0, 32) + '"');
  EXPECT_EQ(rows(), 1);
}

TEST_F(SqliteEvidenceStoreTest, RefusesOtherBytesAndKeepsTheFirst) {
  ASSERT_TRUE(create("k", "one"));
  const auto other = create("k", "two");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, ErrorKind::k_conflict);
  EXPECT_EQ(other.error().where, "k");
  EXPECT_EQ(other.error().message, "other bytes stand there: expected SHA-256 " +
                                       sha256("two").str() + ", found " + sha256("one").str());
  EXPECT_EQ(get("k"), "bytes: one");
  EXPECT_EQ(rows(), 1);
}

TEST_F(SqliteEvidenceStoreTest, KeepsAnyBytes) {
  Bytes all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  for (const Bytes& bytes : {Bytes(), all, Bytes(3'000'000, '\0')}) {
    const std::string key = "size-" + std::to_string(bytes.size());
    ASSERT_TRUE(create(key, bytes));
    EXPECT_EQ(store().get(ObjectKey(key)).value()->bytes, bytes);
    const auto head = store().head(ObjectKey(key)).value();
    EXPECT_EQ(head->size, bytes.size());
    EXPECT_EQ(head->etag, store().get(ObjectKey(key)).value()->etag);
  }
}

TEST_F(SqliteEvidenceStoreTest, KeepsObjectsAcrossConnections) {
  ASSERT_TRUE(create("k", "one"));
  SqliteEvidenceStore other(file(), k_name);
  EXPECT_EQ(other.get(ObjectKey("k")).value()->bytes, "one");
}

TEST_F(SqliteEvidenceStoreTest, AnswersAbsentForCertain) {
  EXPECT_EQ(get("none"), "absent");
  EXPECT_FALSE(store().head(ObjectKey("none")).value());
  EXPECT_TRUE(list("none").empty());
  EXPECT_TRUE(store().list_versions("none").value().empty());
}

TEST_F(SqliteEvidenceStoreTest, RefusesKeysThatBreakTheRules) {
  const std::pair<std::string, std::string> rows[] = {
      {"", "the object key is empty"},
      {"/a", "the object key begins with '/'"},
      {std::string(1025, 'a'), "the object key is longer than 1,024 bytes"},
      {"a\xff", "the object key is not UTF-8"},
      {"\xed\xa0\x80", "the object key is not UTF-8"},
  };
  for (const auto& [key, message] : rows) {
    for (const Error& error : {create(key, "x").error(), store().get(ObjectKey(key)).error(),
                               store().head(ObjectKey(key)).error(),
                               store().publish({}, {ObjectKey(key), "x"}).error()}) {
      EXPECT_EQ(error.kind, ErrorKind::k_usage);
      EXPECT_EQ(error.message, message);
    }
  }
  EXPECT_TRUE(create(std::string(1024, 'a'), "x"));
  EXPECT_TRUE(create(std::string("nul\0within", 10), "x"));
}

TEST_F(SqliteEvidenceStoreTest, PublishesArtifactsAndMarkerTogether) {
  const std::vector<ObjectToWrite> artifacts = {{ObjectKey("r/b"), "B"}, {ObjectKey("r/a"), "A"}};
  const auto stored = store().publish(artifacts, {ObjectKey("r/summary"), "S"});
  ASSERT_TRUE(stored) << one_line(stored.error());
  ASSERT_EQ(stored->size(), 3u);
  EXPECT_EQ((*stored)[0].key.str(), "r/b");
  EXPECT_EQ((*stored)[0].bytes, "B");
  EXPECT_EQ((*stored)[1].bytes, "A");
  EXPECT_EQ((*stored)[2].bytes, "S");
  EXPECT_EQ((*stored)[2].etag, store().get(ObjectKey("r/summary")).value()->etag);
  EXPECT_EQ(list("r/"), (std::vector<std::string>{"r/a", "r/b", "r/summary"}));
}

TEST_F(SqliteEvidenceStoreTest, WritesNothingWhereTheTermsOfTheMarkerDoNotHold) {
  ASSERT_TRUE(create("successor", "x"));
  const std::vector<ObjectToWrite> artifacts = {{ObjectKey("r/a"), "A"}};
  const ObjectToWrite marker{ObjectKey("r/s"), "S"};
  const auto refuse = []() -> Result<void> { return fail(ErrorKind::k_mismatch, "not as told"); };
  EXPECT_EQ(store().publish(artifacts, marker, {ObjectKey("successor"), {}}).error().kind,
            ErrorKind::k_superseded);
  EXPECT_EQ(store().publish(artifacts, marker, {{}, refuse}).error().kind, ErrorKind::k_mismatch);
  EXPECT_EQ(list("r/"), std::vector<std::string>());
}

TEST_F(SqliteEvidenceStoreTest, PublishingAgainFindsTheSameBytes) {
  const std::vector<ObjectToWrite> artifacts = {{ObjectKey("r/a"), "A"}, {ObjectKey("r/b"), "B"}};
  ASSERT_TRUE(create("r/b", "B"));
  ASSERT_TRUE(store().publish(artifacts, {ObjectKey("r/s"), "S"}));
  const auto again = store().publish(artifacts, {ObjectKey("r/s"), "S"});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->back().bytes, "S");
  EXPECT_EQ(rows(), 3);
}

TEST_F(SqliteEvidenceStoreTest, APublicationThatConflictsLeavesNothing) {
  ASSERT_TRUE(create("r/c", "other"));
  const std::vector<ObjectToWrite> artifacts = {
      {ObjectKey("r/a"), "A"}, {ObjectKey("r/b"), "B"}, {ObjectKey("r/c"), "C"}};
  const auto on_artifact = store().publish(artifacts, {ObjectKey("r/s"), "S"});
  ASSERT_FALSE(on_artifact);
  EXPECT_EQ(on_artifact.error().kind, ErrorKind::k_conflict);
  EXPECT_EQ(on_artifact.error().where, "r/c");
  EXPECT_EQ(list(""), std::vector<std::string>{"r/c"});
  const auto on_marker = store().publish(std::span(artifacts).first(2), {ObjectKey("r/c"), "S"});
  ASSERT_FALSE(on_marker);
  EXPECT_EQ(on_marker.error().where, "r/c");
  EXPECT_EQ(list(""), std::vector<std::string>{"r/c"});
}

TEST_F(SqliteEvidenceStoreTest, RawSqlCannotChangeEvidence) {
  ASSERT_TRUE(create("k", "one"));
  ASSERT_TRUE(create("l", "two"));
  const std::string sum(64, 'a');
  for (const std::string& statement : {
           std::string("UPDATE objects SET bytes = x'00'"),
           std::string("UPDATE OR REPLACE objects SET key = 'l' WHERE key = 'k'"),
           std::string("DELETE FROM objects"),
           "INSERT OR REPLACE INTO objects VALUES ('k', 1, 0, '" + sum + "', x'00')",
           "PRAGMA recursive_triggers = OFF;"
           "INSERT OR REPLACE INTO objects VALUES ('k', 1, 0, '" +
               sum + "', x'00')",
           "PRAGMA recursive_triggers = OFF; INSERT OR REPLACE INTO objects"
           " (rowid, key, version, sha256, bytes) VALUES (1, 'm', 1, '" +
               sum + "', x'00')",
           "INSERT INTO objects VALUES ('k', 1, 0, '" + sum +
               "', x'00')"
               " ON CONFLICT (key, version) DO UPDATE SET bytes = excluded.bytes",
       })
    EXPECT_THROW(sql(statement), SQLite::Exception) << statement;
  EXPECT_EQ(get("k"), "bytes: one");
  EXPECT_EQ(get("l"), "bytes: two");
  EXPECT_EQ(rows(), 2);
}

TEST_F(SqliteEvidenceStoreTest, ARowChangedBehindTheTriggersIsFoundOnRead) {
  ASSERT_TRUE(create("k", "one"));
  ASSERT_TRUE(create("l", "two"));
  sql("DROP TRIGGER objects_refuse_update; UPDATE objects SET bytes = x'74776f21' WHERE key = 'k'");
  const auto got = store().get(ObjectKey("k"));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, ErrorKind::k_mismatch);
  EXPECT_EQ(got.error().where, "k");
  EXPECT_EQ(create("k", "one").error().kind, ErrorKind::k_mismatch);
  EXPECT_EQ(create("k", "two!").error().kind, ErrorKind::k_mismatch);
  EXPECT_EQ(store().publish({}, {ObjectKey("k"), "one"}).error().kind, ErrorKind::k_mismatch);
  EXPECT_EQ(get("l"), "bytes: two");
}

TEST_F(SqliteEvidenceStoreTest, ShowsEveryVersionAndDeleteMarker) {
  ASSERT_TRUE(create("a", "one"));
  ASSERT_TRUE(create("b", "one"));
  ASSERT_TRUE(create("c", "one"));
  sql("INSERT INTO objects VALUES ('a', 2, 0, '" + sha256("new").str() +
      "', CAST('new' AS BLOB));"
      "INSERT INTO objects VALUES ('c', 2, 1, NULL, NULL)");
  std::vector<std::string> seen;
  for (const auto& v : testing::value_of(store().list_versions("")))
    seen.push_back(v.key.str() + v.version_id + (v.is_delete_marker ? " deleted" : "") +
                   (v.is_latest ? " latest" : ""));
  EXPECT_EQ(seen,
            (std::vector<std::string>{"a1", "a2 latest", "b1 latest", "c1", "c2 deleted latest"}));
  EXPECT_EQ(get("a"), "bytes: new");
  EXPECT_EQ(get("c"), "absent");
  EXPECT_FALSE(store().head(ObjectKey("c")).value());
  EXPECT_EQ(list(""), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(create("c", "one").error().kind, ErrorKind::k_conflict);
  EXPECT_EQ(rows(), 5);
}

TEST_F(SqliteEvidenceStoreTest, TakesARowThatDoesNotSayWhatItIsForNoObject) {
  ASSERT_TRUE(create("k", "one"));
  sql("DROP TRIGGER objects_refuse_update; PRAGMA writable_schema = ON;"
      "UPDATE sqlite_master SET sql = replace(replace(sql, ') STRICT', ')'), 'NOT NULL DEFAULT 0 "
      "CHECK (is_delete_marker IN (0, 1))', '') WHERE name = 'objects'");
  for (const char* marker : {"NULL", "'no'", "x'00'", "0.5", "2"}) {
    SCOPED_TRACE(marker);
    sql(std::string(
            "PRAGMA ignore_check_constraints = ON; UPDATE objects SET is_delete_marker = ") +
        marker);
    EXPECT_EQ(get("k"), "absent");
    EXPECT_FALSE(store().head(ObjectKey("k")).value());
    EXPECT_EQ(list(""), std::vector<std::string>{});
    EXPECT_TRUE(testing::value_of(store().list_versions("")).at(0).is_delete_marker);
    EXPECT_EQ(create("k", "one").error().kind, ErrorKind::k_conflict);
  }
}

TEST_F(SqliteEvidenceStoreTest, ListsAKeyThatIsNoUtf8) {
  sql("INSERT INTO objects VALUES (CAST(x'722fff61' AS TEXT), 1, 0, '" + sha256("x").str() +
      "', CAST('x' AS BLOB))");
  EXPECT_EQ(list("r/"), std::vector<std::string>{"r/\ufffda"});
  EXPECT_EQ(list("s/"), std::vector<std::string>{});
}

TEST_F(SqliteEvidenceStoreTest, TakesAPrefixLiterally) {
  for (const char* key :
       {"a%b/1", "aXb/1", "a_b/1", "A%b/1", "ä/1", "ä/2", "äx", "z", "a*b", "a\\"})
    ASSERT_TRUE(create(key, "x"));
  EXPECT_EQ(list("a%"), std::vector<std::string>{"a%b/1"});
  EXPECT_EQ(list("a_"), std::vector<std::string>{"a_b/1"});
  EXPECT_EQ(list("a*"), std::vector<std::string>{"a*b"});
  EXPECT_EQ(list("a\\"), std::vector<std::string>{"a\\"});
  EXPECT_EQ(list("ä/"), (std::vector<std::string>{"ä/1", "ä/2"}));
  EXPECT_EQ(list("ä/", 1), std::vector<std::string>{"ä/1"});
  EXPECT_EQ(list("", 2), (std::vector<std::string>{"A%b/1", "a%b/1"}));
}

TEST_F(SqliteEvidenceStoreTest, FindsAPrefixByIndex) {
  auto db = raw();
  SQLite::Statement plan(db,
                         "EXPLAIN QUERY PLAN SELECT key, version, is_delete_marker FROM objects"
                         " WHERE key >= 'a' AND key < 'b' ORDER BY key, version");
  ASSERT_TRUE(plan.executeStep());
  EXPECT_EQ(plan.getColumn(3).getString(),
            "SEARCH objects USING INDEX sqlite_autoindex_objects_1 (key>? AND key<?)");
  EXPECT_FALSE(plan.executeStep());
}

std::string utf8(char32_t c) {
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | ((c >> shift) & 0x3f)); };
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) return {static_cast<char>(0xc0 | (c >> 6)), tail(0)};
  if (c < 0x10000) return {static_cast<char>(0xe0 | (c >> 12)), tail(6), tail(0)};
  return {static_cast<char>(0xf0 | (c >> 18)), tail(12), tail(6), tail(0)};
}

std::u32string random_key(std::mt19937& random) {
  constexpr char32_t k_edges[] = {1,     'a',    '%',    0x7f,   0x80,    0x7ff,
                                  0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff};
  std::u32string key;
  for (auto length = 1 + random() % 4; length > 0; --length) key += k_edges[random() % 12];
  return key;
}

TEST_F(SqliteEvidenceStoreTest, ListsRandomKeysByCodePoint) {
  std::mt19937 random(20260223);
  std::map<std::u32string, std::string> expected;  // compares by code point
  std::vector<ObjectToWrite> objects;
  while (expected.size() < 3000) {
    const auto key = random_key(random);
    std::string bytes;
    for (const char32_t c : key) bytes += utf8(c);
    if (expected.emplace(key, bytes).second) objects.push_back({ObjectKey(bytes), "x"});
  }
  ASSERT_TRUE(store().publish(objects, {ObjectKey("zz"), "x"}));
  expected.emplace(U"zz", "zz");
  for (int i = 0; i < 300; ++i) {
    const auto prefix = i == 0 ? std::u32string() : random_key(random).substr(0, 1 + i % 3);
    std::string bytes;
    for (const char32_t c : prefix) bytes += utf8(c);
    std::vector<std::string> want;
    for (const auto& [key, text] : expected)
      if (key.starts_with(prefix)) want.push_back(text);
    ASSERT_EQ(list(bytes), want) << "prefix " << bytes;
    ASSERT_EQ(store().list_versions(bytes).value().size(), want.size());
    if (want.size() > 2) want.resize(2);
    ASSERT_EQ(list(bytes, 2), want);
  }
}

TEST_F(SqliteEvidenceStoreTest, CheckingReachabilityChangesNothing) {
  ASSERT_TRUE(create("k", "one"));
  for (int i = 0; i < 3; ++i) {
    const auto reachable = store().check_reachable();
    EXPECT_TRUE(reachable) << one_line(reachable.error());
  }
  EXPECT_EQ(
      raw().execAndGet("SELECT count(*) FROM sqlite_master WHERE name = 'write_probe'").getInt(),
      0);
  EXPECT_TRUE(create("l", "two"));
  EXPECT_EQ(get("k"), "bytes: one");
}

TEST_F(SqliteEvidenceStoreTest, IsNotReachableWithoutTheTriggersThatMakeItWriteOnce) {
  const std::pair<std::string, std::string> k_table[] = {
      {"DROP TRIGGER objects_refuse_update", "objects_refuse_update"},
      {"DROP TRIGGER objects_refuse_delete", "objects_refuse_delete"},
      {"DROP TRIGGER objects_refuse_replace", "objects_refuse_replace"},
      {"DROP TRIGGER objects_refuse_delete;"
       "CREATE TRIGGER objects_refuse_delete BEFORE DELETE ON objects BEGIN SELECT 1; END",
       "objects_refuse_delete"},
      {"CREATE TRIGGER forger AFTER INSERT ON objects BEGIN SELECT 1; END", "forger"},
  };
  for (const auto& [tampering, name] : k_table) {
    ASSERT_TRUE(store().check_reachable());
    const std::string before = made_by(name);
    sql(tampering);
    const auto reachable = store().check_reachable();
    ASSERT_FALSE(reachable) << tampering;
    EXPECT_EQ(reachable.error().kind, ErrorKind::k_mismatch);
    EXPECT_NE(reachable.error().message.find(name), std::string::npos) << reachable.error().message;
    sql("DROP TRIGGER IF EXISTS " + name + ";" + before);
  }
}

TEST_F(SqliteEvidenceStoreTest, ADatabaseWithoutItsTablesIsMalformed) {
  ASSERT_FALSE(store().get(ObjectKey("k")).value());
  sql("DROP TABLE objects");
  const auto got = store().get(ObjectKey("k"));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().kind, ErrorKind::k_malformed);
  expect_no_real_path(got.error());
}

TEST_F(SqliteEvidenceStoreTest, EveryCallFailsClosedOnAMissingDatabase) {
  std::filesystem::remove(file());
  const auto expect_not_found = [&](const auto& answer) {
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::k_not_found);
    expect_no_real_path(answer.error());
  };
  expect_not_found(create("k", "x"));
  expect_not_found(store().publish({}, {ObjectKey("k"), "x"}));
  expect_not_found(store().get(ObjectKey("k")));
  expect_not_found(store().head(ObjectKey("k")));
  expect_not_found(store().list("", 0));
  expect_not_found(store().list_versions(""));
  expect_not_found(store().check_reachable());
  EXPECT_EQ(store().name(), "sqlite:.runpin/platform.db");
}

}  // namespace
}  // namespace runpin
