// Stack outputs of a Terraform directory, by running `terraform output -json` there.
#pragma once

#include <chrono>
#include <filesystem>

#include "runpin/ports/documents.h"

namespace runpin {

struct TerraformCommand {
  std::vector<std::string> words{"terraform", "output", "-json",
                                 "-no-color"};  // looked up in PATH; no shell
  std::chrono::milliseconds deadline{60000};
  std::size_t max_bytes = 64u << 20;
};

// Reads a setting that names a directory with Terraform, and any other with `files`. Errors of a
// directory, `where` is the setting: k_not_found where there is no such program, k_unavailable when
// it fails or does not end in time (what it says on stderr stays on this process's stderr),
// k_malformed for what it prints.
class TerraformOutputs final : public StackOutputs {
 public:
  // Borrows `files`. Settings are relative to `root`.
  TerraformOutputs(StackOutputs& files, std::filesystem::path root)
      : TerraformOutputs(files, std::move(root), TerraformCommand{}) {}
  TerraformOutputs(StackOutputs& files, std::filesystem::path root, TerraformCommand command)
      : files_(files), root_(std::move(root)), command_(std::move(command)) {}

  Result<std::vector<StackOutput>> read(const std::string& source) override;

 private:
  StackOutputs& files_;
  std::filesystem::path root_;
  TerraformCommand command_;
};

}  // namespace runpin
