// What `terraform output -json` prints.
#include "fuzz/property.h"
#include "runpin/adapters/local/file_stack_outputs.h"
#include "runpin/canon/json_writer.h"

namespace runpin::fuzz {
namespace {

Json rendered(const std::vector<StackOutput>& outputs) {
  Json json(Json::Object{});
  for (const StackOutput& output : outputs)
    json.set(output.name, object({{"sensitive", output.sensitive}, {"value", output.value}}));
  return json;
}

}  // namespace

void examine(std::string_view input) {
  const auto outputs = parse_stack_outputs(input, "core.json");
  if (!outputs) {
    must(outputs.error().kind == ErrorKind::k_malformed, "what is no outputs is malformed");
    return must_explain(outputs.error(), input, "core.json");
  }
  for (std::size_t i = 0; i < outputs->size(); ++i) {
    const StackOutput& output = (*outputs)[i];
    must(!output.sensitive || output.value.is_null(), "a sensitive value is never taken in");
    must(i == 0 || (*outputs)[i - 1].name < output.name, "outputs stand by name, each once");
  }
  const auto again = parse_stack_outputs(canonical(rendered(*outputs)), "core.json");
  must(again && rendered(*again) == rendered(*outputs), "outputs read back as written down");
}

}  // namespace runpin::fuzz
