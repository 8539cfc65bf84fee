// Stack outputs from files that `terraform output -json` wrote:
// {"NAME": {"sensitive": false, "type": "string", "value": "arn:…"}, …}
#pragma once

#include <string_view>

#include "runpin/ports/documents.h"

namespace runpin {

// The outputs within `json`, by name; a sensitive one has a null value. k_malformed when the text
// is no JSON (with path:line:column) or has another shape (`where` is the path, the message names
// the output).
Result<std::vector<StackOutput>> parse_stack_outputs(std::string_view json,
                                                     const std::string& path);

// Reads each setting as one file of the workspace. REQUIRES: `documents` outlives this.
class FileStackOutputs final : public StackOutputs {
 public:
  explicit FileStackOutputs(Documents& documents) : documents_(documents) {}
  Result<std::vector<StackOutput>> read(const std::string& source) override;

 private:
  Documents& documents_;
};

}  // namespace runpin
