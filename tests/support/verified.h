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

// What it prints for people.
std::string verify_text(const std::filesystem::path& workspace);

}  // namespace runpin::testing
