// The runbook's laws as prose.
#include "runpin/lanes/runbook.h"

#include <algorithm>

#include "fuzz/property.h"
#include "runpin/base/bytes.h"

namespace runpin::fuzz {
namespace {

std::size_t line_count(std::string_view text) {
  return 1 + static_cast<std::size_t>(std::count_if(text.begin(), text.end(),
                                                    [](char c) { return c == '\n' || c == '\r'; }));
}

std::string account_of(const Runbook& runbook) {
  std::string account;
  const auto add = [&](std::string_view text, std::size_t line) {
    account.append(text).append(":").append(std::to_string(line)).append("\n");
  };
  for (const RunbookLaw& law : runbook.laws) {
    add(law.text, law.line.value_or(0));
    for (const RunbookSentence& sentence : law.disputing) add(sentence.text, sentence.line);
  }
  for (const ResetClassList& list : runbook.reset_classes) {
    add("reset classes", list.line);
    for (const ResetClassItem& item : list.items) add(item.text, item.name.size());
  }
  if (runbook.correlation_span) add(runbook.correlation_span->text, runbook.correlation_span->line);
  return account;
}

void lines_lie_within(const Runbook& runbook, std::string_view text) {
  const std::size_t last = line_count(text);
  const auto must_be_there = [&](std::size_t line) {
    must(line >= 1 && line <= last, "a line is one of the runbook's");
  };
  for (const RunbookLaw& law : runbook.laws) {
    if (law.line) must_be_there(*law.line);
    for (const RunbookSentence& sentence : law.disputing) must_be_there(sentence.line);
  }
  for (const ResetClassList& list : runbook.reset_classes) must_be_there(list.line);
  if (runbook.correlation_span) must_be_there(runbook.correlation_span->line);
}

}  // namespace

void examine(std::string_view input) {
  const Runbook runbook = parse_runbook(input);
  lines_lie_within(runbook, input);
  const std::string text(input);
  if (text.find('\r') != std::string::npos) return;
  must(account_of(parse_runbook(replace_all(text, "\n", "\r\n"))) == account_of(runbook),
       "line endings do not matter");
  const Runbook in_quotes = parse_runbook("> " + replace_all(text, "\n", "\n> "));
  for (const RunbookLaw& law : in_quotes.laws) must(!law.line, "a quoted runbook states no law");
}

}  // namespace runpin::fuzz
