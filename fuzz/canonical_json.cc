// JSON as runpin reads, writes and hashes it.
#include "fuzz/property.h"
#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"

namespace runpin::fuzz {

void examine(std::string_view input) {
  const auto value = read_json(input, "a.json");
  if (!value) {
    must(value.error().kind == ErrorKind::k_malformed, "a text that is no JSON is malformed");
    return must_explain(value.error(), input, "a.json");
  }
  const std::string bytes = canonical(*value);
  const auto again = read_json(bytes, "canonical");
  must(again && *again == *value, "canonical bytes read as the value that they were made of");
  must(canonical(*again) == bytes, "canonical of canonical is the same");

  const auto from_pretty = read_json(pretty(*value), "pretty");
  must(from_pretty && *from_pretty == *value, "pretty bytes read as the value they were made of");

  const auto jcs_bytes = jcs(*value);
  if (!jcs_bytes) return must(!jcs_bytes.error().message.empty(), "a refusal by JCS is explained");
  const auto from_jcs = read_json(*jcs_bytes, "jcs");
  must(from_jcs.has_value(), "JCS bytes are JSON");
  must(jcs(*from_jcs) == *jcs_bytes, "JCS of JCS is the same");
}

}  // namespace runpin::fuzz
