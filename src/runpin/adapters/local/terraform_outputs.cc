#include "runpin/adapters/local/terraform_outputs.h"

#include "runpin/adapters/local/child_process.h"
#include "runpin/adapters/local/file_stack_outputs.h"

namespace runpin {

Result<std::vector<StackOutput>> TerraformOutputs::read(const std::string& source) {
  const std::filesystem::path directory = root_ / source;
  std::error_code failed;
  if (!std::filesystem::is_directory(directory, failed)) return files_.read(source);
  auto json = run_child({command_.words, directory, command_.deadline, command_.max_bytes});
  if (!json) {
    Error error = json.error();
    error.where = source;
    if (error.fix.empty())
      error.fix = "run `terraform output -json` there by hand, or name a file with what it prints";
    return tl::unexpected(std::move(error));
  }
  return parse_stack_outputs(*json, source);
}

}  // namespace runpin
