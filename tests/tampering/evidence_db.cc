#include "tests/tampering/evidence_db.h"

#include <algorithm>
#include <stdexcept>

#include "runpin/base/bytes.h"
#include "runpin/canon/digest.h"
#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"

namespace runpin::testing {
namespace {

// Lanes run in the order of their letters, attempts in that of their stamps; within an execution
// the summary comes last.
std::vector<std::string> in_order_of_making(const std::map<std::string, std::string>& objects) {
  struct Place {
    std::string stamp;
    char lane;
    bool is_summary;
    std::string key;
    auto operator<=>(const Place&) const = default;
  };
  std::vector<Place> places;
  for (const auto& [key, bytes] : objects) {
    const auto at = key.find("/m3");
    if (at == std::string::npos || key.size() < at + 5 || key[at + 4] != '_') continue;
    const auto end = key.find('/', at + 1);
    places.push_back({key.substr(at + 5, end - at - 5), key[at + 3],
                      key.ends_with("_execution_summary.json") && key.find("/m3_ex") == key.npos,
                      key});
  }
  std::sort(places.begin(), places.end());
  std::vector<std::string> keys;
  for (const Place& place : places) keys.push_back(place.key);
  return keys;
}

// The summary's entry of `key` made to agree with what stands there.
std::string relisted(const std::string& summary, const std::string& key, const std::string& bytes) {
  auto body = read_json(summary, "summary");
  if (!body) return summary;
  Json entries = Json::Array{};
  bool listed = false;
  for (Json entry : (*body)["artifacts"].items()) {
    if (entry["durable_key"].text() == key) {
      entry.set("sha256", sha256(bytes).str()).set("size", bytes.size());
      listed = true;
    }
    entries.push(std::move(entry));
  }
  if (!listed) return summary;
  return pretty(body->set("artifacts", std::move(entries)));
}

std::string summary_key_of(const std::string& key) {
  const auto at = key.find("/m3");
  const auto end = key.find('/', at + 1);
  return key.substr(0, end + 1) + key.substr(at + 1, 3) + "_execution_summary.json";
}

}  // namespace

EvidenceDb::EvidenceDb(const std::filesystem::path& file)
    : db_(file.string(), SQLite::OPEN_READWRITE) {
  SQLite::Statement made(db_, "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'");
  while (made.executeStep())
    triggers_[made.getColumn(0).getString()] = made.getColumn(1).getString();
  made.reset();
  db_.exec("PRAGMA synchronous = OFF");
  db_.exec("BEGIN");
  for (const auto& [name, sql] : triggers_) db_.exec("DROP TRIGGER " + name);
}

EvidenceDb::~EvidenceDb() {
  for (const auto& [name, sql] : triggers_)
    if (!sql.empty()) db_.exec(sql);
  db_.exec("COMMIT");
}

std::map<std::string, std::string> EvidenceDb::objects() {
  SQLite::Statement rows(
      db_, "SELECT key, bytes FROM objects WHERE is_delete_marker = 0 ORDER BY key, version");
  std::map<std::string, std::string> objects;
  while (rows.executeStep()) {
    const auto bytes = rows.getColumn(1);
    objects[rows.getColumn(0).getString()] =
        std::string(static_cast<const char*>(bytes.getBlob()), bytes.getBytes());
  }
  return objects;
}

void EvidenceDb::set(const std::string& key, const std::string& bytes, Digest digest) {
  SQLite::Statement update(db_, digest == Digest::k_agrees
                                    ? "UPDATE objects SET bytes = ?1, sha256 = ?2 WHERE key = ?3"
                                    : "UPDATE objects SET bytes = ?1 WHERE key = ?3");
  update.bind(1, bytes.data(), static_cast<int>(bytes.size()));
  if (digest == Digest::k_agrees) update.bind(2, sha256(bytes).str());
  update.bind(3, key);
  if (update.exec() != 1) throw std::runtime_error("no row " + key);
}

void EvidenceDb::remove(const std::string& key) {
  SQLite::Statement statement(db_, "DELETE FROM objects WHERE key = ?");
  statement.bind(1, key);
  if (statement.exec() != 1) throw std::runtime_error("no row " + key);
}

void EvidenceDb::add(const std::string& key, const std::string& bytes, int version) {
  SQLite::Statement insertion(
      db_, "INSERT INTO objects (key, version, sha256, bytes) VALUES (?, ?, ?, ?)");
  insertion.bind(1, key);
  insertion.bind(2, version);
  insertion.bind(3, sha256(bytes).str());
  insertion.bind(4, bytes.data(), static_cast<int>(bytes.size()));
  insertion.exec();
}

void EvidenceDb::mark_deleted(const std::string& key) {
  SQLite::Statement insertion(
      db_, "INSERT INTO objects (key, version, is_delete_marker) VALUES (?, 2, 1)");
  insertion.bind(1, key);
  insertion.exec();
}

void EvidenceDb::rename(const std::string& key, const std::string& to) {
  SQLite::Statement update(db_, "UPDATE objects SET key = ? WHERE key = ?");
  update.bind(1, to);
  update.bind(2, key);
  if (update.exec() != 1) throw std::runtime_error("no row " + key);
}

void EvidenceDb::set_digest(const std::string& key, const std::string& digest) {
  SQLite::Statement update(db_, "UPDATE objects SET sha256 = ? WHERE key = ?");
  update.bind(1, digest);
  update.bind(2, key);
  if (update.exec() != 1) throw std::runtime_error("no row " + key);
}

void EvidenceDb::lose_trigger(const std::string& name, const std::string& sql) {
  triggers_.at(name) = sql;
}

std::map<std::string, std::string> rehashed(const std::map<std::string, std::string>& objects,
                                            const std::map<std::string, std::string>& changes,
                                            bool to_the_root) {
  std::map<std::string, std::string> now = objects;
  for (const auto& [key, bytes] : changes) now[key] = bytes;
  for (const std::string& key : in_order_of_making(objects)) {
    if (now[key] == objects.at(key)) continue;
    const std::string summary = summary_key_of(key);
    if (now.contains(summary) && summary != key)
      now[summary] = relisted(now[summary], key, now[key]);
    if (!to_the_root) continue;
    const std::string before = sha256(objects.at(key)).str(), after = sha256(now[key]).str();
    for (auto& [other, bytes] : now)
      if (other != key) bytes = replace_all(std::move(bytes), before, after);
  }
  std::map<std::string, std::string> changed;
  for (const auto& [key, bytes] : now)
    if (bytes != objects.at(key)) changed[key] = bytes;
  return changed;
}

}  // namespace runpin::testing
