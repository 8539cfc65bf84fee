// What `runpin verify` shows of the newest run of a workspace; run in this process.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runpin/canon/json.h"

namespace runpin::testing {

struct Verified {
  int exit_code = -1;
  Json document;  // of --json
};

// `runpin -w WORKSPACE --json verify ARGUMENTS…`
Verified verify(const std::filesystem::path& workspace,
                const std::vector<std::string>& arguments = {});

}  // namespace runpin::testing
