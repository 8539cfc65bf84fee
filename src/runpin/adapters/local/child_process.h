// Runs a program to its end, or to a deadline, and takes what it prints. No shell.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "runpin/base/bytes.h"
#include "runpin/base/result.h"

namespace runpin {

struct ChildProgram {
  std::vector<std::string> words;   // the program, looked up in PATH, and its arguments
  std::filesystem::path directory;  // where it starts
  std::chrono::milliseconds deadline;
  std::size_t max_bytes;  // of its stdout
};

// Its stdout, when it exits with 0. Its stdin is empty, its stderr goes nowhere, since it may
// hold a secret. Past the deadline, or with more output than allowed, it and its children are killed. Errors: k_not_found
// (no such program), k_unavailable (anything else); the message begins with the program's name.
Result<Bytes> run_child(const ChildProgram& program);

}  // namespace runpin
