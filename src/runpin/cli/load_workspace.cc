#include "runpin/cli/load_workspace.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <utility>

#include "runpin/cli/read_file.h"

namespace runpin::cli {
namespace {

constexpr const char* k_settings = "runpin.toml";

Result<void> check_directory(const std::string& directory) {
  struct stat info {};
  if (stat(directory.c_str(), &info) != 0)
    return fail(
        ErrorKind::k_config, "the workspace directory is not there", directory,
        fmt::format("create it with `runpin init {}`, or name another with -w DIR", directory));
  if (!S_ISDIR(info.st_mode))
    return fail(ErrorKind::k_config, "the workspace should be a directory, but a file is there",
                directory, "name the directory that holds runpin.toml with -w DIR");
  return {};
}

// An error of a text that was parsed under its path within the workspace.
Error seen_from_outside(Error error, const std::string& directory) {
  if (!error.where.empty()) error.where = below(directory, error.where);
  return error;
}

}  // namespace

Result<Workspace> load_settings(const std::string& directory) {
  if (auto there = check_directory(directory); !there) return tl::unexpected(there.error());
  const auto text = read_text_file(
      below(directory, k_settings), "the workspace file",
      fmt::format("create a workspace with `runpin init {}`, or name one with -w DIR", directory));
  if (!text) return tl::unexpected(text.error());
  return Workspace::parse(*text, k_settings).map_error([&](Error error) {
    return seen_from_outside(std::move(error), directory);
  });
}

Result<LoadedWorkspace> load_workspace(const std::string& directory) {
  auto workspace = load_settings(directory);
  if (!workspace) return tl::unexpected(workspace.error());
  const Setting& path = workspace->registry;
  auto text = read_text_file(
      below(directory, path.value), "the registry",
      fmt::format("put it there, or correct [registry] path at {}", below(directory, path.where)));
  if (!text) return tl::unexpected(text.error());
  auto registry = Registry::parse(*text, path.value);
  if (!registry) return tl::unexpected(seen_from_outside(registry.error(), directory));
  return LoadedWorkspace{directory, std::move(*workspace), std::move(*registry), std::move(*text)};
}

}  // namespace runpin::cli
