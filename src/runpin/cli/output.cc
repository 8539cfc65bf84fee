#include "runpin/cli/output.h"

#include <cerrno>

#include "runpin/canon/json_writer.h"
#include "runpin/cli/exit_code.h"
#include "runpin/cli/typed_commands.h"
#include "runpin/cli/withheld.h"

namespace runpin::cli {
namespace {

std::string_view code_of(Style style) {
  switch (style) {
    case Style::k_good:
      return "\x1b[32m";
    case Style::k_bad:
      return "\x1b[31m";
    case Style::k_warning:
      return "\x1b[33m";
    case Style::k_dim:
      return "\x1b[2m";
    case Style::k_bold:
      return "\x1b[1m";
  }
  return "";
}

std::string painted(bool color, Style style, std::string_view text) {
  if (!color) return std::string(text);
  return std::string(code_of(style)) + std::string(text) + "\x1b[0m";
}

// Line breaks would make two lines of one message, and other control bytes could drive a terminal.
std::string without_controls(std::string_view text) {
  std::string clean;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    clean += byte < 0x20 || byte == 0x7f ? ' ' : c;
  }
  return clean;
}

}  // namespace

Output::Output(std::FILE* out, std::FILE* err, OutputOptions options)
    : out_(out), err_(err), options_(options) {}

void Output::text(std::string_view bytes) {
  if (!options_.json) write_stdout(bytes);
}

void Output::line(std::string_view text_line) {
  text(without_secrets(text_line) + "\n");
}

void Output::document(const Json& value) {
  if (options_.json) write_stdout(pretty(document_without_secrets(value)));
}

void Output::progress(std::string_view text_line) {
  if (!options_.quiet && !options_.json) write_stderr(text_line);
}

void Output::detail(std::string_view text_line) {
  if (options_.verbosity > 0) write_stderr(text_line);
}

void Output::notice(std::string_view text_line) {
  write_stderr(text_line);
}

int Output::error(const Error& told) {
  const int code = exit_code_of(told.kind);
  const Error error{told.kind, without_secrets(told.message), without_secrets(told.where),
                    without_secrets(told.fix)};
  write_stderr(paint_stderr(Style::k_bad, "runpin:") + " " + without_controls(one_line(error)));
  document(object({{"error", object({{"kind", name_of(error.kind)},
                                     {"message", error.message},
                                     {"where", error.where},
                                     {"fix", error.fix}})},
                   {"exit_code", code}}));
  return code;
}

std::string Output::as_typed(std::string_view text) const {
  return options_.directory ? in_workspace(text, *options_.directory) : std::string(text);
}

std::string Output::paint(Style style, std::string_view text) const {
  return painted(options_.color_stdout, style, text);
}

std::string Output::paint_stderr(Style style, std::string_view text) const {
  return painted(options_.color_stderr, style, text);
}

bool Output::finish() {
  errno = 0;
  if (std::fflush(out_) != 0) note_loss(errno);
  return !lost_;
}

void Output::write_stdout(std::string_view bytes) {
  errno = 0;
  if (std::fwrite(bytes.data(), 1, bytes.size(), out_) != bytes.size()) note_loss(errno);
}

void Output::note_loss(int error_number) {
  lost_ = lost_ || error_number != EPIPE;
}

void Output::write_stderr(std::string_view text_line) {
  const std::string whole = as_typed(without_secrets(text_line)) + "\n";
  std::fwrite(whole.data(), 1, whole.size(), err_);
}

}  // namespace runpin::cli
