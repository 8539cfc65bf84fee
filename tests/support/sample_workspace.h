// A workspace of the sample platform in a test's own directory, driven by the real program and read
// without it: durable objects by SQL, local artifacts from the disk.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "runpin/canon/json.h"
#include "tests/support/process.h"

namespace runpin::testing {

inline constexpr const char* k_sample_now = "2026-02-23T17:43:07Z";
inline constexpr const char* k_sample_stamp = "20260223T174307Z";

// The JSON document that `text` is; null where it is none.
Json parsed(const std::string& text);

class SampleWorkspace {
 public:
  // `runpin init NAME --sample OPTIONS…`, started in `parent`. Throws where that fails.
  explicit SampleWorkspace(const std::filesystem::path& parent, const std::string& name = "w",
                           const std::vector<std::string>& init_options = {});

  // A workspace that stands at `root` already.
  static SampleWorkspace standing_at(std::filesystem::path root);

  const std::filesystem::path& root() const { return root_; }

  // `runpin -w ROOT ARGUMENTS…`, not started yet.
  Program program(const std::vector<std::string>& arguments) const;
  Finished runpin(const std::vector<std::string>& arguments) const;
  // The document of `runpin … --json`; null where stdout is none.
  Json json(std::vector<std::string> arguments) const;

  std::string read(const std::string& path) const;
  void write(const std::string& path, const std::string& content) const;
  // Replaces every `from`; throws where there is none.
  void replace(const std::string& path, const std::string& from, const std::string& to) const;

  // Every durable object by key. Throws where a key has a second version or a delete marker.
  std::map<std::string, std::string> durable() const;
  // Every local artifact, by "<execution_id>/<name>".
  std::map<std::string, std::string> local() const;
  // A durable artifact of an execution; null where there is none.
  Json artifact(const std::string& execution_id, const std::string& name) const;

  std::filesystem::path database() const { return root_ / ".runpin/platform.db"; }

 private:
  SampleWorkspace() = default;
  std::filesystem::path root_;
};

// What the script below RUNPIN_SOURCE_DIR/tests says, with `input` as its standard input.
Finished python(const std::string& script, const std::vector<std::string>& arguments,
                const std::string& input = {});

}  // namespace runpin::testing
