#include "runpin/cli/new_tree.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>

namespace runpin::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view k_stage = ".runpin-init-";

tl::unexpected<Error> in_the_way(const fs::path& path) {
  return fail(ErrorKind::k_config, "a directory should be here, but a file is", path.string(),
              "move it away, or choose another directory");
}

tl::unexpected<Error> failed(int error, const std::string& doing, const fs::path& path) {
  const bool denied = error == EACCES || error == EPERM || error == EROFS;
  return fail(denied ? ErrorKind::k_denied : ErrorKind::k_io,
              fmt::format("{} failed: {}", doing, std::strerror(error)), path.string(),
              denied ? "choose a directory that this user may write"
                     : "choose a directory on a disk that takes new files");
}

Result<void> sync_and_close(int descriptor, const fs::path& path) {
  const bool synced = fsync(descriptor) == 0;
  const int error = errno;
  if (close(descriptor) != 0 || !synced) return failed(synced ? errno : error, "writing", path);
  return {};
}

Result<void> sync_directory(const fs::path& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor == -1) return failed(errno, "opening the directory", path);
  return sync_and_close(descriptor, path);
}

Result<void> write_new_file(const fs::path& path, const std::string& content) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor == -1) return failed(errno, "creating the file", path);
  for (std::size_t written = 0; written < content.size();) {
    const ssize_t count = write(descriptor, content.data() + written, content.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      const int error = errno;
      close(descriptor);
      return failed(error, "writing", path);
    }
    written += static_cast<std::size_t>(count);
  }
  return sync_and_close(descriptor, path);
}

// Makes `path` and its missing parents; those it made are added to `made`, outermost first.
Result<void> make_directories(const fs::path& path, std::vector<fs::path>& made) {
  if (path.empty() || mkdir(path.c_str(), 0777) == 0) {
    if (!path.empty()) made.push_back(path);
    return {};
  }
  const int error = errno;
  if (error == EEXIST && fs::is_directory(path)) return {};
  if (error == EEXIST) return in_the_way(path);
  if (error == ENOTDIR) return in_the_way(path.parent_path());
  if (error != ENOENT) return failed(error, "creating the directory", path);
  if (auto parent = make_directories(path.parent_path(), made); !parent) return parent;
  if (mkdir(path.c_str(), 0777) != 0) return failed(errno, "creating the directory", path);
  made.push_back(path);
  return {};
}

// Never replaces what stands at `to`, except on file systems that cannot promise it.
int rename_new(const fs::path& from, const fs::path& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  return std::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

// A second name for the file, so that its first one still proves whose it is; a new name where the
// file system knows no second ones.
int name_also(const fs::path& from, const fs::path& to) {
  if (link(from.c_str(), to.c_str()) == 0) return 0;
  return errno == EEXIST ? EEXIST : rename_new(from, to);
}

bool is_same_file(const fs::path& a, const fs::path& b) {
  struct stat one {
  }, other{};
  return lstat(a.c_str(), &one) == 0 && lstat(b.c_str(), &other) == 0 &&
         one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

// The directory, locked for this process as long as the Fd lives; none where it cannot be.
Fd locked(const fs::path& directory, int how) {
  Fd fd(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  while (fd && flock(fd.get(), how) != 0)
    if (errno != EINTR) fd = Fd();
  return fd;
}

std::vector<fs::path> files_below(const fs::path& root) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(root))
    if (!entry.is_directory()) files.push_back(entry.path().lexically_relative(root));
  std::sort(files.begin(), files.end());
  return files;
}

bool is_there(const fs::path& path) {
  struct stat info {};
  return lstat(path.c_str(), &info) == 0;
}

// A stage whose process is gone. Without its last file the tree is not whole, and what it had moved
// into `target` goes with it.
void remove_stage(const fs::path& stage, const fs::path& target, const std::string& last) {
  std::error_code ignored;
  if (!is_there(target / last))
    for (const fs::path& file : files_below(stage))
      if (is_same_file(stage / file, target / file)) fs::remove(target / file, ignored);
  fs::remove_all(stage, ignored);
}

void sweep_in(const fs::path& directory, const fs::path& target, const std::string& last) {
  const Fd here = locked(directory, LOCK_EX);
  if (!here) return;
  std::vector<fs::path> stages;
  std::error_code code;
  for (fs::directory_iterator entry(directory, code), end; !code && entry != end;
       entry.increment(code))
    if (entry->path().filename().string().starts_with(k_stage)) stages.push_back(entry->path());
  for (const fs::path& stage : stages)
    if (const Fd owned = locked(stage, LOCK_EX | LOCK_NB); owned) remove_stage(stage, target, last);
}

fs::path without_slash(const fs::path& target) {
  const fs::path plain = target.lexically_normal();
  return plain.has_filename() ? plain : plain.parent_path();
}

fs::path or_here(const fs::path& directory) {
  return directory.empty() ? fs::path(".") : directory;
}

}  // namespace

void NewTree::sweep(const fs::path& target, const std::string& last) {
  const fs::path plain = without_slash(target);
  sweep_in(or_here(plain.parent_path()), plain, last);
  sweep_in(plain, plain, last);
}

Result<NewTree> NewTree::start(const fs::path& target, const std::string& nonce) {
  NewTree tree;
  tree.target_ = without_slash(target);
  tree.active_ = true;
  struct stat info {};
  tree.target_existed_ = lstat(tree.target_.c_str(), &info) == 0;
  if (tree.target_existed_ && !fs::is_directory(tree.target_)) return in_the_way(tree.target_);
  const fs::path beside = tree.target_existed_ ? tree.target_ : tree.target_.parent_path();
  if (auto made = make_directories(beside, tree.made_directories_); !made)
    return tl::unexpected(made.error());
  const fs::path stage = beside / (std::string(k_stage) + nonce);
  const Fd here = locked(or_here(beside), LOCK_EX);  // so that nobody sweeps before lock_
  if (mkdir(stage.c_str(), 0777) != 0) return failed(errno, "creating the workspace", beside);
  tree.stage_ = stage;
  tree.lock_ = locked(stage, LOCK_EX);
  return tree;
}

NewTree::NewTree(NewTree&& other) noexcept
    : target_(std::move(other.target_)),
      stage_(std::move(other.stage_)),
      lock_(std::move(other.lock_)),
      target_existed_(other.target_existed_),
      active_(std::exchange(other.active_, false)),
      made_directories_(std::move(other.made_directories_)),
      moved_files_(std::move(other.moved_files_)) {}

NewTree::~NewTree() {
  if (active_) undo();
}

Result<void> NewTree::add_file(const std::string& path, const std::string& content) {
  const fs::path whole = stage_ / path;
  std::vector<fs::path> inside_the_stage;
  if (auto made = make_directories(whole.parent_path(), inside_the_stage); !made) return made;
  return write_new_file(whole, content);
}

Result<void> NewTree::add_directory(const std::string& path) {
  std::vector<fs::path> inside_the_stage;
  return make_directories(stage_ / path, inside_the_stage);
}

Result<void> NewTree::finish(const std::string& last) {
  if (auto moved = target_existed_ ? move_into_existing(last) : move_whole(); !moved) return moved;
  active_ = false;
  for (const fs::path& made : made_directories_)
    if (auto synced = sync_directory(or_here(made.parent_path())); !synced) return synced;
  return sync_directory(or_here(target_existed_ ? target_ : target_.parent_path()));
}

Result<void> NewTree::move_whole() {
  for (const auto& entry : fs::recursive_directory_iterator(stage_))
    if (entry.is_directory())
      if (auto synced = sync_directory(entry.path()); !synced) return synced;
  if (auto synced = sync_directory(stage_); !synced) return synced;
  const int error = rename_new(stage_, target_);
  if (error == EEXIST || error == ENOTEMPTY)
    return fail(ErrorKind::k_config, "something else appeared here meanwhile", target_.string(),
                "look at it, then run init again");
  return error == 0 ? Result<void>{} : failed(error, "moving the workspace into place", target_);
}

Result<void> NewTree::move_into_existing(const std::string& last) {
  const auto files = files_below(stage_);
  for (const fs::path& file : files)
    if (fs::symlink_status(target_ / file).type() != fs::file_type::not_found)
      return fail(ErrorKind::k_config, "the workspace's file would replace one that is there",
                  (target_ / file).string(), "move it away, or choose another directory");
  for (const auto& entry : fs::recursive_directory_iterator(stage_))
    if (entry.is_directory()) {
      const fs::path directory = target_ / entry.path().lexically_relative(stage_);
      if (auto made = make_directories(directory, made_directories_); !made) return made;
    }
  for (const fs::path& file : files)
    if (file != last)
      if (auto moved = move_one(file); !moved) return moved;
  if (auto moved = move_one(last); !moved) return moved;
  std::error_code ignored;  // the next init takes it away
  fs::remove_all(stage_, ignored);
  return {};
}

Result<void> NewTree::move_one(const fs::path& relative) {
  const fs::path to = target_ / relative;
  if (const int error = name_also(stage_ / relative, to); error != 0)
    return failed(error, "moving a file into place", to);
  moved_files_.push_back(to);
  return sync_directory(to.parent_path());
}

void NewTree::undo() {
  std::error_code
      ignored;  // what cannot be taken away stays; the error that led here is the one to report
  for (const fs::path& file : moved_files_) fs::remove(file, ignored);
  if (!stage_.empty()) fs::remove_all(stage_, ignored);
  for (auto at = made_directories_.rbegin(); at != made_directories_.rend(); ++at)
    fs::remove(*at, ignored);
}

}  // namespace runpin::cli
