// The real program with the fault shim in front of the C library.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/process.h"

namespace runpin::testing {

// One call that changed something, as the shim wrote it down; `number` 0: opening and reading.
struct LoggedCall {
  long number = 0;
  std::string kind;  // plan.h names them
  std::string path;
  std::string path2;
  std::int64_t offset = 0;
  std::size_t length = 0;
  std::string data;  // where it was asked for
};

struct Order {
  std::string kill = {};  // RUNPIN_SHIM_KILL, and so on
  std::string fail = {};
  std::string clock = {};
  bool with_data = false;
};

// `program` so that the calls below `root` are counted, and broken where `order` says so.
Finished run_shimmed(Program program, const std::filesystem::path& root, const Order& order);

// The same with nothing broken but for a kill, where one is ordered; and what it did below `root`.
// Throws where it logged nothing.
std::vector<LoggedCall> calls_of(const Program& program, const std::filesystem::path& root,
                                 bool with_data = false, const std::string& kill = {});

// For the places of a test: "write .runpin/platform.db-wal".
std::string name_of(const LoggedCall& call, const std::filesystem::path& root);

}  // namespace runpin::testing
