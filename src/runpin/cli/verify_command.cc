// runpin verify: proves a run again from durable evidence alone.
#include <fmt/format.h>

#include "runpin/cli/command.h"
#include "runpin/cli/sound_evidence.h"
#include "runpin/cli/withheld.h"
#include "runpin/cli/wrapped.h"

namespace runpin::cli {
namespace {

struct Options {
  std::optional<std::string> run;
  std::optional<std::string> root;
};

void add(CLI::App& app, Options& options) {
  app.add_option("RUN", options.run,
                 "platform_run_id, stamp or execution id (default: the newest run)");
  app.add_option("--root", options.root,
                 "the SHA-256 of M3.J's summary, as `run` showed it: finds a record that was "
                 "rewritten whole");
  app.footer(
      "Exits 4 where something does not hold, 3 where evidence could not be read or the run is "
      "not complete; a run that verifies exits as `status` does.");
}

bool is_sha256(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string text_or(const Json& value, std::string_view otherwise) {
  return value.if_string() ? value.text() : std::string(otherwise);
}

std::string plural(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

// A key in a line: what a terminal would not show as text is escaped.
std::string in_a_line(std::string_view key) {
  std::string line;
  for (const char c : key) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f)
      line += fmt::format("\\x{:02x}", byte);
    else
      line += c;
  }
  return line;
}

void show_finding(const EvidenceFinding& finding, Output& output) {
  output.line(wrapped("", in_a_line(without_secrets(finding.kind + ": " + finding.message))));
  output.line("  where     " + in_a_line(finding.where));
  output.line(wrapped("  expected  ", in_a_line(without_secrets(finding.expected))));
  output.line(wrapped("  found     ", in_a_line(without_secrets(finding.found))));
  output.line("");
}

std::string standing_of(const RunReport& report) {
  if (!report.hold_class.empty())
    return fmt::format("{} ({})", text_or(report.verdict, k_hold_m3), report.hold_class);
  if (report.verdict.if_string()) return report.verdict.text();
  return fmt::format("no verdict yet; next gate {}", report.next_gate);
}

std::string last_line(const Verification& verification, const Output& output) {
  if (!verification.verified())
    return output.paint(Style::k_bad,
                        fmt::format("NOT VERIFIED: {}",
                                    plural(verification.findings.size(), "finding", "findings")));
  const Style style = verification.report.hold_class.empty() ? Style::k_good : Style::k_bad;
  return "verified  " + output.paint(style, standing_of(verification.report));
}

void show_counts(const Verification& verification, Output& output) {
  output.line(
      fmt::format("run       {}", text_or(verification.report.platform_run_id, "not pinned")));
  if (!verification.root_key.empty()) {
    output.line(fmt::format("root      {}", in_a_line(verification.root_key)));
    output.line(fmt::format("          SHA-256 {}", verification.root_sha256.str()));
  }
  output.line(fmt::format("read      {}, {} bytes",
                          plural(verification.objects, "object", "objects"), verification.bytes));
  output.line(fmt::format("followed  {}", plural(verification.links, "link", "links")));
  output.line(fmt::format("judged    {} again",
                          plural(verification.judged_again, "execution", "executions")));
  for (const EvidenceNote& note : verification.notes) {
    output.line("note      " + in_a_line(note.where));
    output.line(wrapped("          ", note.message));
  }
  output.line("");
}

int show(const Verification& verification, Output& output) {
  output.document(to_json(verification));
  if (!output.quiet()) {
    show_counts(verification, output);
    for (const EvidenceFinding& finding : verification.findings) show_finding(finding, output);
  }
  output.line(last_line(verification, output));
  return static_cast<int>(verification.exit_code());
}

int run(const Options& options, Context& context) {
  if (options.root && !is_sha256(*options.root))
    return context.output.error({ErrorKind::k_usage,
                                 "--root is no SHA-256: 64 lower-case hex digits", "",
                                 "copy it from what runpin run or status shows"});
  const auto gate = GateWiring::make(context);
  if (!gate) return context.output.error(gate.error());
  const auto verification = verify_by(**gate, {options.run, options.root});
  if (!verification) return context.output.error(verification.error());
  return show(*verification, context.output);
}

}  // namespace

Command verify_command() {
  return make_command<Options>("verify", "Prove a run again from its durable evidence alone", add,
                               run);
}

}  // namespace runpin::cli
