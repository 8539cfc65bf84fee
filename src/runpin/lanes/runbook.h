// The runbook's laws as prose: the three rerun laws by their sentences, what speaks against them,
// the reset classes, the correlation fields.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runpin/gate/world.h"

namespace runpin {

struct RunbookSentence {
  std::string text;
  std::size_t line = 0;
};

struct RunbookLaw {
  std::string text;
  std::optional<std::size_t> line;         // of the first sentence that states it
  std::vector<RunbookSentence> disputing;  // sentences with the law's words in them that are not it
};

struct ResetClassItem {
  std::string text;
  std::string name;  // "service_runtime_reset"; "" for what is no reset class
};

// A list that is announced as the mandatory reset classes.
struct ResetClassList {
  std::size_t line = 0;  // of the announcement
  std::vector<ResetClassItem> items;
};

struct Runbook {
  std::vector<RunbookLaw> laws;
  std::vector<ResetClassList> reset_classes;
  std::optional<RunbookSentence> correlation_span;  // the first code span that lists the fields
};

// Pure. Reads the CommonMark tree: HTML, code blocks and what is struck out state nothing, a quoted
// block states no law. Emphasis and line breaks do not count; a law's case does.
//   A law is a whole sentence, heading or list item: "Never rerun by deleting append-only truth
//   surfaces", "Rerun from failed phase boundary", "Mandatory reset classes". Any other sentence
//   with the words of one of the first two disputes it, whatever it says of them: what cannot be
//   understood is not taken for agreement.
//   Reset classes are the items of every list that directly follows the third, each by its exact
//   text. The correlation span is a comma-separated list with platform_run_id in it.
Runbook parse_runbook(std::string_view markdown);

// {"path", "value": {laws: [{text, line, disputing: [{text, line}]}], reset_classes: [{line,
// classes: [name or text]}], correlation_fields, correlation_line}} or {"path", "error"}. Texts are
// as shown_text() has them.
Json gather_runbook(World& world);

// "docs/run_process_flow.md:12"
std::string place_in(std::string_view path, const Json& line);

}  // namespace runpin
