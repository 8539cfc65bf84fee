#include "tests/crash/disk.h"

#include <algorithm>
#include <stdexcept>

#include "tests/adapters/temp_dir.h"

namespace runpin::testing {
namespace fs = std::filesystem;

Disk::Disk(const fs::path& root) : root_(root) {
  load(root, add(true));
}

int Disk::add(bool is_directory) {
  nodes_.emplace_back();
  nodes_.back().is_directory = is_directory;
  return static_cast<int>(nodes_.size()) - 1;
}

void Disk::load(const fs::path& from, int directory) {
  for (const auto& entry : fs::directory_iterator(from)) {
    const int node = add(entry.is_directory());
    nodes_[directory].entries[entry.path().filename()] = node;
    if (entry.is_directory())
      load(entry.path(), node);
    else
      nodes_[node].bytes = nodes_[node].synced_bytes = read_file(entry.path());
  }
  nodes_[directory].synced_entries = nodes_[directory].entries;
}

int Disk::find(const std::string& path) const {
  int node = 0;
  if (path == root_) return node;
  for (const fs::path& name : fs::path(path).lexically_relative(root_)) {
    const auto found = nodes_[node].entries.find(name);
    if (found == nodes_[node].entries.end()) return k_none;
    node = found->second;
  }
  return node;
}

std::pair<int, std::string> Disk::place_of(const std::string& path) const {
  const int directory = find(fs::path(path).parent_path());
  if (directory == k_none) throw std::runtime_error("no directory for " + path);
  return {directory, fs::path(path).filename()};
}

void Disk::change_names(NameChange change) {
  for (const Edit& edit : change) {
    if (edit.node == k_none)
      nodes_[edit.directory].entries.erase(edit.name);
    else
      nodes_[edit.directory].entries[edit.name] = edit.node;
  }
  unsynced_names_.push_back(std::move(change));
}

void Disk::put(std::string& bytes, const Write& write) {
  const auto at = static_cast<std::size_t>(write.offset);
  if (write.truncates) return bytes.resize(at);
  bytes.resize(std::max(bytes.size(), at + write.data.size()));
  bytes.replace(at, write.data.size(), write.data);
}

void Disk::put_some(std::string& bytes, const Write& write, const std::function<bool()>& keep) {
  constexpr std::int64_t k_page = 4096;
  if (write.truncates) {
    if (keep()) put(bytes, write);
    return;
  }
  const auto end = write.offset + static_cast<std::int64_t>(write.data.size());
  for (std::int64_t at = write.offset; at < end;) {
    const std::int64_t next = std::min(end, (at / k_page + 1) * k_page);
    const auto from = static_cast<std::size_t>(at - write.offset);
    if (keep())
      put(bytes, {false, at, write.data.substr(from, static_cast<std::size_t>(next - at))});
    at = next;
  }
}

void Disk::write(int node, Write write) {
  if (node == k_none) return;  // a file that has no name any more
  put(nodes_[node].bytes, write);
  nodes_[node].unsynced.push_back(std::move(write));
}

void Disk::sync(int node) {
  if (node == k_none) return;
  nodes_[node].synced_bytes = nodes_[node].bytes;
  nodes_[node].unsynced.clear();
  if (!nodes_[node].is_directory) return;
  std::erase_if(unsynced_names_, [&](const NameChange& change) {
    const bool here = std::any_of(change.begin(), change.end(),
                                  [&](const Edit& edit) { return edit.directory == node; });
    if (here)
      for (const Edit& edit : change) {
        Entries& synced = nodes_[edit.directory].synced_entries;
        if (edit.node == k_none)
          synced.erase(edit.name);
        else
          synced[edit.name] = edit.node;
      }
    return here;
  });
}

void Disk::apply(const LoggedCall& call) {
  const auto [directory, name] =
      call.path == root_ ? std::pair(0, std::string()) : place_of(call.path);
  if (call.kind == "create" || call.kind == "mkdir") {
    change_names({{directory, name, add(call.kind == "mkdir")}});
  } else if (call.kind == "rename" || call.kind == "link") {
    const auto [to, new_name] = place_of(call.path2);
    NameChange change{{to, new_name, find(call.path)}};
    if (call.kind == "rename") change.push_back({directory, name, k_none});
    change_names(std::move(change));
  } else if (call.kind == "unlink" || call.kind == "rmdir") {
    change_names({{directory, name, k_none}});
  } else if (call.kind == "trunc") {
    write(find(call.path), {true, call.offset, {}});
  } else if (call.kind == "write") {
    write(find(call.path), {false, call.offset, call.data});
  } else if (call.kind == "sync") {
    sync(find(call.path));
  }
}

void Disk::make(const fs::path& place, int directory, const std::map<int, Entries>& entries,
                const std::function<bool()>& keep) const {
  fs::create_directory(place);
  for (const auto& [name, node] : entries.at(directory)) {
    if (name.ends_with("-shm")) continue;
    if (nodes_[node].is_directory) {
      make(place / name, node, entries, keep);
      continue;
    }
    std::string bytes = nodes_[node].synced_bytes;
    for (const Write& unsynced : nodes_[node].unsynced) put_some(bytes, unsynced, keep);
    write_file(place / name, bytes);
  }
}

void Disk::write_after_power_loss(const fs::path& place, const std::function<bool()>& keep) const {
  std::map<int, Entries> entries;
  for (std::size_t i = 0; i < nodes_.size(); ++i)
    entries[static_cast<int>(i)] = nodes_[i].synced_entries;
  for (const NameChange& change : unsynced_names_) {
    if (!keep()) continue;
    for (const Edit& edit : change) {
      if (edit.node == k_none)
        entries[edit.directory].erase(edit.name);
      else
        entries[edit.directory][edit.name] = edit.node;
    }
  }
  make(place, 0, entries, keep);
}

}  // namespace runpin::testing
