// The platform database of a finished run, changed behind runpin's back.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "runpin/canon/json.h"

namespace runpin::testing {

class EvidenceDb {
 public:
  // While it lives the triggers are not there; it puts them back.
  explicit EvidenceDb(const std::filesystem::path& file);
  ~EvidenceDb();
  EvidenceDb(const EvidenceDb&) = delete;
  EvidenceDb& operator=(const EvidenceDb&) = delete;

  // Newest versions, by key.
  std::map<std::string, std::string> objects();

  // Other bytes in the same row; the row's SHA-256 is made to agree with them, or left.
  enum class Digest { k_agrees, k_is_left };
  void set(const std::string& key, const std::string& bytes, Digest digest = Digest::k_agrees);
  void remove(const std::string& key);
  void add(const std::string& key, const std::string& bytes, int version = 1);
  void mark_deleted(const std::string& key);
  void rename(const std::string& key, const std::string& to);
  void set_digest(const std::string& key, const std::string& digest);
  // From here on this trigger is not put back; `sql` in its place, where that is not empty.
  void lose_trigger(const std::string& name, const std::string& sql);

 private:
  SQLite::Database db_;
  std::map<std::string, std::string> triggers_;  // by name
};

// `objects` with `changes` made as one who knows the hash tree would: every summary lists what it
// has, and every SHA-256 of what changed is replaced wherever a later object carries it. Answers
// everything that is other than in `objects`.
std::map<std::string, std::string> rehashed(const std::map<std::string, std::string>& objects,
                                            const std::map<std::string, std::string>& changes,
                                            bool to_the_root);

}  // namespace runpin::testing
