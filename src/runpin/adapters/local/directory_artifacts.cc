#include "runpin/adapters/local/directory_artifacts.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <system_error>
#include <thread>

namespace runpin {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view k_staging = ".staging-";

Result<void> check_plain(const std::string& name, std::string_view what) {
  if (!name.empty() && name.front() != '.' && name.find('/') == std::string::npos &&
      name.find('\0') == std::string::npos)
    return {};
  return fail(ErrorKind::k_internal, fmt::format("'{}' cannot be the name of {}", name, what));
}

tl::unexpected<Error> taken(const std::string& shown) {
  return fail(ErrorKind::k_conflict, "something of that name stands there already", shown,
              "use a new execution; an artifact is written only once");
}

tl::unexpected<Error> no_directory(const std::string& shown) {
  return fail(ErrorKind::k_io, fmt::format("{} is a file where a directory should be", shown),
              shown, "move it away");
}

void remove_tree(const fs::path& path) {
  std::error_code ignored;  // what cannot be taken away has no artifact's name
  fs::remove_all(path, ignored);
}

void remove_leftovers(const fs::path& root) {
  std::error_code code;
  for (fs::directory_iterator entry(root, code), end; !code && entry != end; entry.increment(code))
    if (entry->path().filename().string().starts_with(k_staging)) remove_tree(entry->path());
}

// Not every file system has locks; without one nothing is swept, and nothing else depends on it.
bool lock(const Fd& directory, int how) {
  while (flock(directory.get(), how) != 0)
    if (errno != EINTR) return false;
  return true;
}

// runpin itself keeps the lock alone for as long as it takes to remove leftovers.
bool lock_together(const Fd& directory) {
  constexpr std::chrono::milliseconds k_pause{10}, k_patience{10000};
  for (auto waited = k_pause - k_pause; waited < k_patience; waited += k_pause) {
    if (lock(directory, LOCK_SH | LOCK_NB) || errno != EWOULDBLOCK) return true;
    std::this_thread::sleep_for(k_pause);
  }
  return false;
}

bool is_there(const fs::path& path) {
  std::error_code code;
  return fs::exists(fs::symlink_status(path, code)) &&
         !(fs::is_directory(path, code) && fs::is_empty(path, code));
}

std::vector<std::string> names_in(const fs::path& directory) {
  std::vector<std::string> names;
  std::error_code code;
  for (fs::directory_iterator entry(directory, code), end; !code && entry != end;
       entry.increment(code))
    names.push_back(entry->path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

bool same_files(const fs::path& a, const fs::path& b) {
  const std::vector<std::string> names = names_in(a);
  if (names.empty() || names != names_in(b)) return false;
  return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    const auto one = read_regular_file(a / name, name), other = read_regular_file(b / name, name);
    return one && other && *one == *other;
  });
}

}  // namespace

DirectoryArtifacts::DirectoryArtifacts(fs::path root, std::string shown)
    : root_(fs::absolute(root).lexically_normal()), shown_(std::move(shown)) {
  if (!root_.has_filename()) root_ = root_.parent_path();
}

std::string DirectoryArtifacts::shown(const std::string& execution_id) const {
  return fmt::format("{}/{}", shown_, execution_id);
}

fs::path DirectoryArtifacts::staging(const std::string& execution_id) const {
  return root_ / (std::string(k_staging) + execution_id);
}

// `shown` is `directory` as messages name it, and so are the directories above it.
Result<void> DirectoryArtifacts::make_directories(const fs::path& directory,
                                                  const std::string& shown) {
  struct stat status {};
  if (stat(directory.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) return {};
    return no_directory(shown);
  }
  if (errno != ENOENT && errno != ENOTDIR) return tl::unexpected(file_error(errno, shown));
  const std::string above_shown = fs::path(shown).parent_path().string();
  if (auto above = make_directories(directory.parent_path(), above_shown); !above) return above;
  if (mkdir(directory.c_str(), 0777) == 0)
    made_.push_back(directory);
  else if (errno != EEXIST)
    return tl::unexpected(file_error(errno, shown));
  return {};
}

Result<void> DirectoryArtifacts::open_root() {
  if (auto made = make_directories(root_, shown_); !made) return made;
  if (lock_) return {};
  lock_ = Fd(open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock_) return tl::unexpected(file_error(errno, shown_));
  if (lock(lock_, LOCK_EX | LOCK_NB)) remove_leftovers(root_);
  if (lock_together(lock_)) return {};
  lock_ = Fd();
  return fail(ErrorKind::k_unavailable, fmt::format("another program keeps {} locked", shown_),
              shown_, "end that program; runpin waits for 10 s");
}

Result<void> DirectoryArtifacts::write_all(
    const std::string& execution_id, const std::vector<std::pair<std::string, Bytes>>& files) {
  const fs::path directory = staging(execution_id);
  remove_tree(directory);
  if (fs::is_regular_file(fs::symlink_status(root_ / execution_id)))
    return no_directory(shown(execution_id));
  if (is_there(root_ / execution_id)) return taken(shown(execution_id));
  if (mkdir(directory.c_str(), 0777) != 0)
    return tl::unexpected(file_error(errno, shown(execution_id)));
  for (const auto& [name, bytes] : files) {
    const std::string place = shown(execution_id) + "/" + name;
    if (auto plain = check_plain(name, "an artifact"); !plain) return plain;
    if (fs::exists(fs::symlink_status(directory / name))) return taken(place);
    auto written = write_new_file(directory / name, bytes, 0666, place);
    if (!written) return written;
  }
  return sync_directory(directory, shown(execution_id));
}

void DirectoryArtifacts::undo(const std::string& execution_id) {
  remove_tree(staging(execution_id));
  if (!staged_.empty()) return;
  for (auto made = made_.rbegin(); made != made_.rend(); ++made) rmdir(made->c_str());
  made_.clear();
  lock_ = Fd();
}

Result<void> DirectoryArtifacts::stage(const std::string& execution_id,
                                       const std::vector<std::pair<std::string, Bytes>>& files) {
  if (auto plain = check_plain(execution_id, "an execution"); !plain) return plain;
  discard(execution_id);
  auto done = open_root();
  if (done) done = write_all(execution_id, files);
  if (!done) {
    undo(execution_id);
    return done;
  }
  staged_.insert(execution_id);
  return {};
}

// rename() puts a directory in the place of nothing or of an empty one.
Result<void> DirectoryArtifacts::commit(const std::string& execution_id) {
  if (!staged_.contains(execution_id))
    return fail(ErrorKind::k_internal, "nothing is staged", shown(execution_id));
  const fs::path directory = staging(execution_id), target = root_ / execution_id;
  if (std::rename(directory.c_str(), target.c_str()) != 0) {
    const int code = errno;
    const bool in_the_way = code == ENOTEMPTY || code == EEXIST || code == ENOTDIR;
    if (!in_the_way) return tl::unexpected(file_error(code, shown(execution_id)));
    if (!same_files(directory, target)) return taken(shown(execution_id));
    remove_tree(directory);  // a resume has made them good meanwhile
  }
  if (auto synced = sync_directory(root_, shown_); !synced) return synced;
  for (const fs::path& made : made_)
    if (auto synced = sync_directory(made.parent_path(), shown_); !synced) return synced;
  made_.clear();
  staged_.erase(execution_id);
  if (staged_.empty()) lock_ = Fd();
  return {};
}

void DirectoryArtifacts::discard(const std::string& execution_id) {
  if (staged_.erase(execution_id) != 0) undo(execution_id);
}

Result<bool> DirectoryArtifacts::holds(const std::string& execution_id) {
  if (auto plain = check_plain(execution_id, "an execution"); !plain)
    return tl::unexpected(plain.error());
  return is_there(root_ / execution_id);
}

}  // namespace runpin
