// Runs a program to its end and keeps what it said.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace runpin::testing {

struct Finished {
  int exit_code = -1;  // 128 + signal when a signal ended it
  std::string out;
  std::string err;
};

enum class StdoutTo { k_captured, k_closed, k_full_device, k_broken_pipe };

struct Program {
  std::vector<std::string> command;           // the first is the file to execute
  std::string directory = ".";                // where it starts
  std::map<std::string, std::string> set;     // environment on top of an empty one with PATH
  std::string input;                          // its standard input
  StdoutTo stdout_to = StdoutTo::k_captured;  // `out` is empty for the others
  bool unprivileged = false;  // as an ordinary user, also when the test runs as root
};

Finished run(const Program& program);

// The program under test: $RUNPIN_BINARY where that is set, else the one that was built with the
// tests.
std::string runpin_binary();

// The lines of `text`, without their ends.
std::vector<std::string> lines_of(const std::string& text);

// `text` with each line break and the indentation behind it as one blank.
std::string unwrapped(const std::string& text);

}  // namespace runpin::testing
