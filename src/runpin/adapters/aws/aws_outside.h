// What AWS settings and credentials are read from, as arguments: nothing here looks at the process,
// the disk or other programs by itself.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "runpin/base/bytes.h"
#include "runpin/base/result.h"

namespace runpin {

struct AwsOutside {
  // A variable that is set and not empty.
  std::function<std::optional<std::string>(const std::string& name)> environment;
  // The whole file. k_not_found when there is none.
  std::function<Result<Bytes>(const std::string& path)> read_file;
  // What a program (the first word, looked up in PATH) prints; its errors as they come.
  std::function<Result<Bytes>(const std::vector<std::string>& words)> run_program;
};

}  // namespace runpin
