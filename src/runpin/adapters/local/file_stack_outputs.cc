#include "runpin/adapters/local/file_stack_outputs.h"

#include <fmt/format.h>

#include "runpin/canon/json_reader.h"

namespace runpin {
namespace {

tl::unexpected<Error> wrong_shape(std::string message, const std::string& path) {
  return fail(ErrorKind::k_malformed, std::move(message), path,
              "write the file with: terraform output -json");
}

Result<StackOutput> read_output(const std::string& name, const Json& body,
                                const std::string& path) {
  if (!body.is_object())
    return wrong_shape(fmt::format("output '{}' is no object with a \"value\"", name), path);
  const Json* value = body.find("value");
  if (!value) return wrong_shape(fmt::format("output '{}' has no \"value\"", name), path);
  const Json* sensitive = body.find("sensitive");
  if (!sensitive || !sensitive->if_bool())
    return wrong_shape(fmt::format("output '{}' does not say whether it is \"sensitive\"", name),
                       path);
  if (sensitive->is_true()) return StackOutput{name, Json(), true, path};
  return StackOutput{name, *value, false, path};
}

}  // namespace

Result<std::vector<StackOutput>> parse_stack_outputs(std::string_view json,
                                                     const std::string& path) {
  const auto document = read_json(json, path);
  if (!document) return tl::unexpected(document.error());
  if (!document->is_object()) return wrong_shape("expected an object of outputs by name", path);
  if (document->members().empty())
    return fail(ErrorKind::k_malformed, "there are no outputs", path,
                "apply the stack there, or take it out of inputs.stack_outputs in runpin.toml");
  std::vector<StackOutput> outputs;
  for (const auto& [name, body] : document->members()) {
    auto output = read_output(name, body, path);
    if (!output) return tl::unexpected(output.error());
    outputs.push_back(*std::move(output));
  }
  return outputs;
}

Result<std::vector<StackOutput>> FileStackOutputs::read(const std::string& source) {
  const auto bytes = documents_.read(source);
  if (!bytes) return tl::unexpected(bytes.error());
  return parse_stack_outputs(*bytes, source);
}

}  // namespace runpin
