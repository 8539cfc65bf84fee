#include "runpin/adapters/sqlite/sqlite_evidence_store.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "runpin/adapters/sqlite/schema.h"
#include "runpin/canon/digest.h"

namespace runpin {
namespace {

constexpr std::size_t k_max_key_bytes = 1024;

Result<void> check_key(const ObjectKey& key) {
  constexpr std::size_t k_shown = 80;
  const std::string& text = key.str();
  const char* fault = nullptr;
  if (text.empty())
    fault = "is empty";
  else if (text.size() > k_max_key_bytes)
    fault = "is longer than 1,024 bytes";
  else if (text.front() == '/')
    fault = "begins with '/'";
  else if (!is_utf8(text))
    fault = "is not UTF-8";
  if (!fault) return {};
  return fail(ErrorKind::k_usage, fmt::format("the object key {}", fault),
              is_utf8(text) && text.size() <= k_shown ? text : "",
              "use 1 to 1,024 bytes of UTF-8, no leading '/'");
}

std::string etag_of(const std::string& sha256) {
  return '"' + sha256.substr(0, 32) + '"';
}

// Every key that begins with `prefix` is below this and none else is, whatever its bytes. Without a
// prefix: no key of UTF-8 begins with FF.
std::string end_of(std::string prefix) {
  if (prefix.empty()) return "\xff";
  prefix.back() = static_cast<char>(prefix.back() + 1);
  return prefix;
}

// A key as it is listed. One that is no UTF-8 was not written by any runpin, and has U+FFFD for
// each byte that is none: it is listed, so that it is found, and nothing stands at that name.
ObjectKey listed_key(const SQLite::Column& column) {
  std::string key(static_cast<const char*>(column.getBlob()),
                  static_cast<std::size_t>(column.getBytes()));
  for (std::size_t bad = 0; !is_utf8(key, &bad);) key.replace(bad, 1, "\ufffd");
  return ObjectKey(std::move(key));
}

Bytes bytes_of(const SQLite::Column& column) {
  const void* data = column.getBlob();
  return data ? Bytes(static_cast<const char*>(data), column.getBytes()) : Bytes();
}

struct Row {
  bool is_delete_marker = false;
  StoredObject object;
};

// Whatever a row holds in place of the 0 that says that it is an object, it is none.
constexpr const char* k_select_newest =
    "SELECT is_delete_marker IS NOT 0, sha256, bytes FROM objects WHERE key = ?"
    " ORDER BY version DESC LIMIT 1";

// The newest version, its bytes proved against the stored SHA-256. `query` is k_select_newest.
Result<std::optional<Row>> read_newest(SQLite::Statement& query, const ObjectKey& key) {
  query.reset();
  query.bindNoCopy(1, key.str());
  if (!query.executeStep()) return std::nullopt;
  if (query.getColumn(0).getInt() != 0) return Row{true, {key, {}, {}}};
  const std::string recorded = query.getColumn(1).getString();
  Bytes bytes = bytes_of(query.getColumn(2));
  const std::string actual = sha256(bytes).str();
  if (actual != recorded)
    return fail(ErrorKind::k_mismatch,
                fmt::format("the stored bytes have SHA-256 {}, recorded was {}", actual, recorded),
                key.str(), "the row was changed behind runpin's back; restore the database");
  return Row{false, {key, std::move(bytes), etag_of(recorded)}};
}

Result<PutResult> already_there(const Row& row, const ObjectToWrite& wanted) {
  if (row.is_delete_marker)
    return fail(ErrorKind::k_conflict, "the object was deleted, and a key is written only once",
                wanted.key.str(), "use a new run; what was deleted cannot be written again");
  if (row.object.bytes != wanted.bytes)
    return fail(ErrorKind::k_conflict,
                fmt::format("other bytes stand there: expected SHA-256 {}, found {}",
                            sha256(wanted.bytes).str(), sha256(row.object.bytes).str()),
                wanted.key.str(), "use a new run; what is written once is never replaced");
  return PutResult{PutOutcome::k_already_there, row.object.etag};
}

void insert(SQLite::Statement& statement, const ObjectToWrite& object) {
  statement.reset();
  const Sha256 digest = sha256(object.bytes);
  statement.bindNoCopy(1, object.key.str());
  statement.bindNoCopy(2, digest.str());
  statement.bindNoCopy(3, object.bytes.data(), static_cast<int>(object.bytes.size()));
  statement.exec();
}

struct Put {
  PutResult result;
  StoredObject stored;
};

// What a transaction writes with. REQUIRES: it holds the write lock, and ends after this.
struct Writing {
  explicit Writing(SQLite::Database& db)
      : newest(db, k_select_newest),
        insertion(db, "INSERT INTO objects (key, version, sha256, bytes) VALUES (?, 1, ?, ?)") {}
  SQLite::Statement newest;
  SQLite::Statement insertion;
};

Result<Put> put(Writing& writing, const ObjectToWrite& object) {
  auto standing = read_newest(writing.newest, object.key);
  if (!standing) return tl::unexpected(standing.error());
  if (*standing) {
    auto result = already_there(**standing, object);
    if (!result) return tl::unexpected(result.error());
    return Put{*result, std::move((*standing)->object)};
  }
  insert(writing.insertion, object);
  auto back = read_newest(writing.newest, object.key);
  if (!back) return tl::unexpected(back.error());
  if (!*back || (*back)->object.bytes != object.bytes)
    return fail(ErrorKind::k_mismatch, "the bytes read back are not the bytes written",
                object.key.str(), "check the disk; nothing was kept");
  return Put{{PutOutcome::k_created, (*back)->object.etag}, std::move((*back)->object)};
}

Result<void> check_object(const ObjectToWrite& object) {
  constexpr std::size_t k_max_bytes = 512u << 20;
  if (auto valid = check_key(object.key); !valid) return valid;
  if (object.bytes.size() <= k_max_bytes) return {};
  return fail(ErrorKind::k_usage, "the object is larger than 512 MiB", object.key.str());
}

// How the table of evidence and its triggers were made, by name.
std::map<std::string, std::string> guards_of(SQLite::Database& db) {
  SQLite::Statement query(
      db, "SELECT name, sql FROM sqlite_master WHERE tbl_name = 'objects' AND sql IS NOT NULL");
  std::map<std::string, std::string> guards;
  while (query.executeStep())
    guards[query.getColumn(0).getString()] = query.getColumn(1).getString();
  return guards;
}

// Write-once is what the schema's triggers make of this store; without them it is only a custom.
Result<void> check_guards(SQLite::Database& db, const std::string& display) {
  SQLite::Database sound(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  sound.exec(k_platform_schema);
  const auto expected = guards_of(sound), found = guards_of(db);
  if (found == expected) return {};
  std::vector<std::pair<std::string, std::string>> differing;
  std::set_symmetric_difference(expected.begin(), expected.end(), found.begin(), found.end(),
                                std::back_inserter(differing));
  return fail(ErrorKind::k_mismatch,
              fmt::format("{} does not keep write-once: {} is not as runpin made it", display,
                          differing.front().first),
              display, "restore the database from a backup, or make a new workspace");
}

}  // namespace

SqliteEvidenceStore::SqliteEvidenceStore(std::filesystem::path file, std::string name)
    : db_(std::move(file), std::move(name)) {}

Result<PutResult> SqliteEvidenceStore::create(const ObjectToWrite& object) {
  if (auto valid = check_object(object); !valid) return tl::unexpected(valid.error());
  auto done = db_.write([&](SQLite::Database& db) {
    Writing writing(db);
    return put(writing, object);
  });
  if (!done) return tl::unexpected(done.error());
  return done->result;
}

Result<std::vector<StoredObject>> SqliteEvidenceStore::publish(
    std::span<const ObjectToWrite> artifacts, const ObjectToWrite& marker,
    const CommitTerms& terms) {
  std::vector<const ObjectToWrite*> all;
  for (const ObjectToWrite& artifact : artifacts) all.push_back(&artifact);
  all.push_back(&marker);
  for (const ObjectToWrite* object : all)
    if (auto valid = check_object(*object); !valid) return tl::unexpected(valid.error());
  if (terms.provided)
    if (const auto held = terms.provided(); !held) return tl::unexpected(held.error());
  return db_.write([&](SQLite::Database& db) -> Result<std::vector<StoredObject>> {
    Writing writing(db);
    if (!terms.unless.empty()) {
      const auto standing = read_newest(writing.newest, terms.unless);
      if (!standing) return tl::unexpected(standing.error());
      if (*standing)
        return fail(ErrorKind::k_superseded, "this object stands there", terms.unless.str());
    }
    std::vector<StoredObject> stored;
    for (const ObjectToWrite* object : all) {
      auto done = put(writing, *object);
      if (!done) return tl::unexpected(done.error());
      stored.push_back(std::move(done->stored));
    }
    return stored;
  });
}

Result<std::optional<StoredObject>> SqliteEvidenceStore::get(const ObjectKey& key) {
  if (auto valid = check_key(key); !valid) return tl::unexpected(valid.error());
  return db_.read([&](SQLite::Database& db) -> Result<std::optional<StoredObject>> {
    SQLite::Statement query(db, k_select_newest);
    auto row = read_newest(query, key);
    if (!row) return tl::unexpected(row.error());
    if (!*row || (*row)->is_delete_marker) return std::nullopt;
    return std::move((*row)->object);
  });
}

Result<std::optional<ObjectHead>> SqliteEvidenceStore::head(const ObjectKey& key) {
  if (auto valid = check_key(key); !valid) return tl::unexpected(valid.error());
  return db_.read([&](SQLite::Database& db) -> Result<std::optional<ObjectHead>> {
    SQLite::Statement query(
        db,
        "SELECT is_delete_marker IS NOT 0, sha256, length(bytes) FROM objects WHERE key = ?"
        " ORDER BY version DESC LIMIT 1");
    query.bindNoCopy(1, key.str());
    if (!query.executeStep() || query.getColumn(0).getInt() != 0) return std::nullopt;
    return ObjectHead{etag_of(query.getColumn(1).getString()),
                      static_cast<std::size_t>(query.getColumn(2).getInt64())};
  });
}

Result<std::vector<ObjectKey>> SqliteEvidenceStore::list(const std::string& prefix,
                                                         std::size_t limit) {
  return db_.read([&](SQLite::Database& db) -> Result<std::vector<ObjectKey>> {
    SQLite::Statement query(db,
                            "SELECT key FROM objects AS o WHERE key >= ?1 AND key < ?2"
                            " AND is_delete_marker IS 0 AND NOT EXISTS"
                            " (SELECT 1 FROM objects WHERE key = o.key AND version > o.version)"
                            " ORDER BY key LIMIT ?3");
    query.bind(1, prefix);
    query.bind(2, end_of(prefix));
    query.bind(3, limit == 0 ? std::int64_t{-1} : static_cast<std::int64_t>(limit));
    std::vector<ObjectKey> keys;
    while (query.executeStep()) keys.push_back(listed_key(query.getColumn(0)));
    return keys;
  });
}

Result<std::vector<ObjectVersion>> SqliteEvidenceStore::list_versions(const std::string& prefix) {
  return db_.read([&](SQLite::Database& db) -> Result<std::vector<ObjectVersion>> {
    SQLite::Statement query(db,
                            "SELECT key, version, is_delete_marker IS NOT 0 FROM objects"
                            " WHERE key >= ?1 AND key < ?2 ORDER BY key, version");
    query.bind(1, prefix);
    query.bind(2, end_of(prefix));
    std::vector<ObjectVersion> versions;
    while (query.executeStep()) {
      ObjectKey key = listed_key(query.getColumn(0));
      if (!versions.empty() && versions.back().key == key) versions.back().is_latest = false;
      versions.push_back(
          {std::move(key), query.getColumn(1).getString(), query.getColumn(2).getInt() != 0, true});
    }
    return versions;
  });
}

Result<void> SqliteEvidenceStore::check_reachable() {
  return db_.read([&](SQLite::Database& db) -> Result<void> {
    if (auto guarded = check_guards(db, db_.display()); !guarded) return guarded;
    SQLite::Transaction probe(db, SQLite::TransactionBehavior::IMMEDIATE);
    db.exec("CREATE TABLE write_probe (bytes BLOB)");
    db.exec("INSERT INTO write_probe VALUES (zeroblob(65536))");
    if (const int code = sqlite3_db_cacheflush(db.getHandle()); code != SQLITE_OK)
      throw SQLite::Exception(db.getHandle(), code);
    return {};  // `probe` rolls back
  });
}

}  // namespace runpin
