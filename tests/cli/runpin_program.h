// The real binary, as users run it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runpin/canon/json_reader.h"
#include "tests/support/process.h"
#include "tests/support/tree.h"

namespace runpin::testing {

// `runpin ARGUMENTS…`, started in `directory`.
inline Program runpin_program(const std::filesystem::path& directory,
                              std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), runpin_binary());
  Program program;
  program.command = std::move(arguments);
  program.directory = directory.string();
  return program;
}

inline Finished runpin(const std::filesystem::path& directory, std::vector<std::string> arguments) {
  return run(runpin_program(directory, std::move(arguments)));
}

// The JSON document that `text` is; null when it is none.
inline Json json_of(const std::string& text) {
  auto document = read_json(text, "stdout");
  return document ? std::move(*document) : Json();
}

}  // namespace runpin::testing
