// The floor under `runpin run`: writes the bytes of a finished run again, with the same durability
// steps and nothing else. What remains between the two is the price of deciding.
//
//   floor WORKSPACE TAPE
//
// WORKSPACE is a fresh copy of the one that the run was made in. TAPE lists what the run wrote, in
// order; every line but `commit` and `end` is followed by LEN bytes:
//
//   stage DIR NAME LEN    a local artifact under its temporary name, fsynced (DIR is made where it
//   is missing) commit DIR            the staged files get their names; the directory and those
//   that got a new entry are fsynced put KEY SHA256 LEN    a row of the platform database end the
//   rows since the last `end` become one transaction note PATH LEN         a document replaced
//   atomically by one with a note more
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace {

[[noreturn]] void give_up(const std::string& what, const char* why) {
  std::fprintf(stderr, "floor: %s: %s\n", what.c_str(), why);
  std::exit(1);
}

void check(bool done, const std::string& what) {
  if (!done) give_up(what, std::strerror(errno));
}

std::string above(const std::string& path) {
  return path.substr(0, path.rfind('/'));
}

void sync(int fd, const std::string& path) {
  check(fd >= 0 && fsync(fd) == 0 && close(fd) == 0, path);
}

void sync_directory(const std::string& path) {
  sync(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), path);
}

void write_new_file(const std::string& path, std::string_view bytes) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  check(fd >= 0 && write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()),
        path);
  sync(fd, path);
}

std::string read_whole_file(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status {};
  check(fd >= 0 && fstat(fd, &status) == 0, path);
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  check(read(fd, bytes.data(), bytes.size()) == status.st_size && close(fd) == 0, path);
  return bytes;
}

class Tape {
 public:
  explicit Tape(std::string_view text) : rest_(text) {}
  bool at_end() const { return rest_.empty(); }
  // The next word of the current line.
  std::string word() {
    const std::size_t end = rest_.find_first_of(" \n");
    if (end == std::string_view::npos) give_up("the tape", "it is cut off");
    return std::string(take(end + 1).substr(0, end));
  }
  // The length that ends the line, and as many bytes after it.
  std::string_view bytes() {
    const std::size_t length = std::stoul(word());
    if (length > rest_.size()) give_up("the tape", "it is cut off");
    return take(length);
  }

 private:
  std::string_view take(std::size_t length) {
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
  }
  std::string_view rest_;
};

// Local artifacts, as DirectoryArtifacts writes them.
class Staging {
 public:
  void stage(const std::string& directory, const std::string& name, std::string_view bytes) {
    if (names_.empty()) make(directory);
    write_new_file(draft(directory, name), bytes);
    names_.push_back(name);
  }

  void commit(const std::string& directory) {
    for (const std::string& name : names_)
      check(renameat2(AT_FDCWD, draft(directory, name).c_str(), AT_FDCWD,
                      (directory + "/" + name).c_str(), RENAME_NOREPLACE) == 0,
            name);
    sync_directory(directory);
    for (const std::string& made : made_) sync_directory(above(made));
    names_.clear();
    made_.clear();
  }

 private:
  static std::string draft(const std::string& directory, const std::string& name) {
    return directory + "/.staging-" + name;
  }
  void make(const std::string& directory) {
    if (access(directory.c_str(), F_OK) == 0) return;
    make(above(directory));
    check(mkdir(directory.c_str(), 0777) == 0, directory);
    made_.push_back(directory);
  }
  std::vector<std::string> names_;
  std::vector<std::string> made_;
};

// The platform database, with the settings of adapters/sqlite/platform_db.cc that decide what is
// synced when.
class Database {
 public:
  explicit Database(const std::string& path) {
    require(sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READWRITE, nullptr));
    execute("PRAGMA recursive_triggers = ON");
    execute("PRAGMA synchronous = FULL");
    execute("PRAGMA journal_mode = WAL");
    constexpr const char* k_insert =
        "INSERT INTO objects (key, version, sha256, bytes) VALUES (?, 1, ?, ?)";
    require(sqlite3_prepare_v2(db_, k_insert, -1, &insert_, nullptr));
  }
  ~Database() {
    sqlite3_finalize(insert_);
    sqlite3_close(db_);
  }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void put(const std::string& key, const std::string& sha256, std::string_view bytes) {
    if (sqlite3_get_autocommit(db_) != 0) execute("BEGIN IMMEDIATE");
    bind_text(1, key);
    bind_text(2, sha256);
    require(
        sqlite3_bind_blob(insert_, 3, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC));
    if (sqlite3_step(insert_) != SQLITE_DONE) give_up(key, sqlite3_errmsg(db_));
    sqlite3_reset(insert_);
  }
  void end() { execute("COMMIT"); }

 private:
  void execute(const char* sql) { require(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr)); }
  void bind_text(int index, const std::string& text) {
    require(sqlite3_bind_text(insert_, index, text.data(), static_cast<int>(text.size()),
                              SQLITE_STATIC));
  }
  void require(int code) {
    if (code != SQLITE_OK) give_up("the platform database", sqlite3_errmsg(db_));
  }
  sqlite3* db_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
};

void replace(const std::string& path, std::string_view bytes) {
  const std::string draft = path + ".runpin-new";
  write_new_file(draft, bytes);
  check(rename(draft.c_str(), path.c_str()) == 0, path);
  sync_directory(above(path));
}

void play(const std::string& workspace, Tape tape) {
  Database database(workspace + "/.runpin/platform.db");
  Staging staging;
  while (!tape.at_end()) {
    const std::string step = tape.word();
    if (step == "end") {
      database.end();
      continue;
    }
    const std::string first = tape.word();
    if (step == "stage") {
      const std::string name = tape.word();
      staging.stage(workspace + "/" + first, name, tape.bytes());
    } else if (step == "commit") {
      staging.commit(workspace + "/" + first);
    } else if (step == "put") {
      const std::string sha256 = tape.word();
      database.put(first, sha256, tape.bytes());
    } else if (step == "note") {
      replace(workspace + "/" + first, tape.bytes());
    } else {
      give_up(step, "no step of a tape");
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) give_up("usage", "floor WORKSPACE TAPE");
  const std::string text = read_whole_file(argv[2]);
  play(argv[1], Tape(text));
}
