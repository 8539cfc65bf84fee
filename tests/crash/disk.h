// A disk as POSIX promises it and no better: what is not fsynced may be gone after a power loss, a
// page at a time; a name that was made, moved or taken away may be so or not until its directory is
// fsynced. Told from the calls of a program (shimmed.h).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/crash/shimmed.h"

namespace runpin::testing {

class Disk {
 public:
  // All that stands below `root` is on the disk.
  explicit Disk(const std::filesystem::path& root);

  // REQUIRES: calls in order, with data.
  void apply(const LoggedCall& call);

  // Makes at `place` what a power loss now leaves: `keep` is asked for each page and each name that
  // is not certain. Left out: SQLite's -shm, which it makes anew.
  void write_after_power_loss(const std::filesystem::path& place,
                              const std::function<bool()>& keep) const;

 private:
  using Entries = std::map<std::string, int>;
  struct Write {
    bool truncates = false;
    std::int64_t offset = 0;  // or the new length
    std::string data;
  };
  struct Node {
    bool is_directory = false;
    Entries entries, synced_entries;
    std::string bytes, synced_bytes;
    std::vector<Write> unsynced;
  };
  struct Edit {
    int directory = 0;
    std::string name;
    int node = 0;  // k_none: the name goes away
  };
  using NameChange = std::vector<Edit>;  // all of it or none

  static constexpr int k_none = -1;
  int add(bool is_directory);
  void load(const std::filesystem::path& from, int directory);
  int find(const std::string& path) const;
  std::pair<int, std::string> place_of(const std::string& path) const;
  void change_names(NameChange change);
  void write(int node, Write write);
  void sync(int node);
  static void put(std::string& bytes, const Write& write);
  static void put_some(std::string& bytes, const Write& write, const std::function<bool()>& keep);
  void make(const std::filesystem::path& place, int directory,
            const std::map<int, Entries>& entries, const std::function<bool()>& keep) const;

  std::filesystem::path root_;
  std::vector<Node> nodes_;
  std::vector<NameChange> unsynced_names_;
};

}  // namespace runpin::testing
