// The secret scan over any bytes, and what is shown of a text that people wrote.
#include "runpin/gate/secret_scan.h"

#include <algorithm>

#include "fuzz/property.h"
#include "runpin/base/bytes.h"
#include "runpin/canon/json_reader.h"
#include "runpin/canon/json_writer.h"
#include "runpin/gate/decoded_text.h"
#include "runpin/lanes/shown_text.h"

namespace runpin::fuzz {

void examine(std::string_view input) {
  const auto secrets = scan_secrets(input);
  const auto rules = secret_rules();
  for (const SecretFinding& secret : secrets) {
    must_lie_within(input, secret.position);
    must(std::find(rules.begin(), rules.end(), secret.rule) != rules.end(), "a rule has a name");
  }
  must(std::is_sorted(secrets.begin(), secrets.end(),
                      [](const auto& a, const auto& b) { return a.position < b.position; }),
       "findings stand in order of position");

  const DecodedText decoded = DecodedText::decode(input);
  must(decoded.source_offset(decoded.text().size()) == input.size(), "the end came from the end");

  must(scan_secrets(shown_text(input)).empty(), "what is shown of a text holds no secret");
  if (secrets.empty() || !is_utf8(input)) return;
  // Four levels of escapes are one too many, and where quotes do not pair nobody can tell strings.
  if (input.find_first_of("\\%") != std::string_view::npos) return;
  if (input.find('"') != std::string_view::npos && !read_json(input, "a.json")) return;
  must(!scan_secrets(pretty(Json(input))).empty(), "a secret is one within a JSON string too");
}

}  // namespace runpin::fuzz
