#include "runpin/adapters/local/directory_artifacts.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "runpin/adapters/local/fd.h"

namespace runpin {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view k_staging = ".staging-";

fs::path staging_path(const fs::path& directory, const std::string& name) {
  return directory / (std::string(k_staging) + name);
}

Result<void> check_plain(const std::string& name, std::string_view what) {
  if (!name.empty() && name.front() != '.' && name.find('/') == std::string::npos &&
      name.find('\0') == std::string::npos)
    return {};
  return fail(ErrorKind::k_internal, fmt::format("'{}' cannot be the name of {}", name, what));
}

tl::unexpected<Error> taken(const std::string& shown) {
  return fail(ErrorKind::k_conflict, "a file of that name stands there already", shown,
              "use a new execution; an artifact is written only once");
}

// Never replaces. Some network file systems cannot rename so; there a second link does the same.
bool rename_new(const fs::path& from, const fs::path& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (errno != EINVAL && errno != ENOSYS) return false;
  return link(from.c_str(), to.c_str()) == 0 && unlink(from.c_str()) == 0;
}

void remove_leftovers(const fs::path& directory) {
  std::error_code code;
  for (fs::directory_iterator entry(directory, code), end; !code && entry != end;
       entry.increment(code))
    if (entry->path().filename().string().starts_with(k_staging)) unlink(entry->path().c_str());
}

}  // namespace

DirectoryArtifacts::DirectoryArtifacts(fs::path root, std::string shown)
    : root_(fs::absolute(root)), shown_(std::move(shown)) {}

std::string DirectoryArtifacts::shown(const std::string& execution_id,
                                      const std::string& name) const {
  return fmt::format("{}/{}/{}", shown_, execution_id, name);
}

// `shown` is `directory` as messages name it, and so are the directories above it.
Result<void> DirectoryArtifacts::make_directories(const fs::path& directory,
                                                  const std::string& shown, Staged& staged) {
  struct stat status {};
  if (stat(directory.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) return {};
    return fail(ErrorKind::k_io, fmt::format("{} is a file where a directory should be", shown),
                shown, "move it away");
  }
  if (errno != ENOENT && errno != ENOTDIR) return tl::unexpected(file_error(errno, shown));
  const std::string above_shown = fs::path(shown).parent_path().string();
  if (auto above = make_directories(directory.parent_path(), above_shown, staged); !above)
    return above;
  if (mkdir(directory.c_str(), 0777) == 0)
    staged.made.push_back(directory);
  else if (errno != EEXIST)
    return tl::unexpected(file_error(errno, shown));
  return {};
}

Result<void> DirectoryArtifacts::stage_all(const std::string& execution_id,
                                           const std::vector<std::pair<std::string, Bytes>>& files,
                                           Staged& staged) {
  const fs::path directory = root_ / execution_id;
  if (auto made = make_directories(directory, shown_ + "/" + execution_id, staged); !made)
    return made;
  remove_leftovers(directory);
  for (const auto& [name, bytes] : files) {
    const std::string place = shown(execution_id, name);
    if (auto plain = check_plain(name, "an artifact"); !plain) return plain;
    if (fs::exists(fs::symlink_status(directory / name)) ||
        std::find(staged.names.begin(), staged.names.end(), name) != staged.names.end())
      return taken(place);
    if (auto written = write_new_file(staging_path(directory, name), bytes, 0666, place); !written)
      return written;
    staged.names.push_back(name);
  }
  return {};
}

void DirectoryArtifacts::undo(const std::string& execution_id, const Staged& staged) {
  for (const std::string& name : staged.names)
    unlink(staging_path(root_ / execution_id, name).c_str());
  for (auto made = staged.made.rbegin(); made != staged.made.rend(); ++made) rmdir(made->c_str());
}

Result<void> DirectoryArtifacts::stage(const std::string& execution_id,
                                       const std::vector<std::pair<std::string, Bytes>>& files) {
  if (auto plain = check_plain(execution_id, "an execution"); !plain) return plain;
  discard(execution_id);
  Staged staged;
  if (auto done = stage_all(execution_id, files, staged); !done) {
    undo(execution_id, staged);
    return done;
  }
  staged_.emplace(execution_id, std::move(staged));
  return {};
}

Result<void> DirectoryArtifacts::commit(const std::string& execution_id) {
  const auto found = staged_.find(execution_id);
  if (found == staged_.end())
    return fail(ErrorKind::k_internal, "nothing is staged", shown_ + "/" + execution_id);
  const fs::path directory = root_ / execution_id;
  for (const std::string& name : found->second.names) {
    if (rename_new(staging_path(directory, name), directory / name)) continue;
    if (errno == EEXIST) return taken(shown(execution_id, name));
    return tl::unexpected(file_error(errno, shown(execution_id, name)));
  }
  if (auto synced = sync_directory(directory, shown_ + "/" + execution_id); !synced) return synced;
  for (const fs::path& made : found->second.made)
    if (auto synced = sync_directory(made.parent_path(), shown_); !synced) return synced;
  staged_.erase(found);
  return {};
}

void DirectoryArtifacts::discard(const std::string& execution_id) {
  const auto found = staged_.find(execution_id);
  if (found == staged_.end()) return;
  undo(execution_id, found->second);
  staged_.erase(found);
}

}  // namespace runpin
