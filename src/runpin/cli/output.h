// Where a command's words go: stdout is for results, stderr for progress and errors. With --json
// stdout carries one JSON document and nothing else. Secret material is withheld from every line
// and document (withheld.h).
#pragma once

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "runpin/base/result.h"
#include "runpin/canon/json.h"

namespace runpin::cli {

struct OutputOptions {
  bool json = false;
  bool quiet = false;
  int verbosity = 0;  // how often -v was given
  std::optional<std::string> directory =
      std::nullopt;           // what -w named: commands that are told carry it
  bool color_stdout = false;  // a terminal that wants colour
  bool color_stderr = false;
};

enum class Style { k_good, k_bad, k_warning, k_dim, k_bold };

class Output {
 public:
  // Borrows both streams.
  Output(std::FILE* out, std::FILE* err, OutputOptions options);

  bool json() const { return options_.json; }
  bool quiet() const { return options_.quiet; }
  int verbosity() const { return options_.verbosity; }

  // Exact bytes of a result to stdout, which the caller has scanned. With --json: nothing, since
  // the document is the result.
  void text(std::string_view bytes);
  // The same with a line end.
  void line(std::string_view text_line);
  // The one JSON document, pretty and with a final newline, to stdout. Without --json: nothing.
  void document(const Json& value);

  // One line to stderr: what goes on, unless -q or --json; and what only -v wants to see.
  void progress(std::string_view text_line);
  void detail(std::string_view text_line);
  // One line to stderr, -q or not.
  void notice(std::string_view text_line);

  // "runpin: where: message (fix)" to stderr, with --json also {"error": …, "exit_code": …} to
  // stdout. Answers the exit code that belongs to the error, so that a command may end with `return
  // output.error(e)`.
  int error(const Error& error);

  // `text` for people, with the commands in it as they have to be typed from where the user stands.
  // Documents and evidence keep the plain commands.
  std::string as_typed(std::string_view text) const;

  // `text` in colour where stdout takes colour, otherwise as it is.
  std::string paint(Style style, std::string_view text) const;
  std::string paint_stderr(Style style, std::string_view text) const;

  // Flushes stdout. False when any byte meant for it was lost; the exit code is then
  // k_program_failed. A reader that wanted no more, such as head, has lost nothing.
  bool finish();

 private:
  void write_stdout(std::string_view bytes);
  void write_stderr(std::string_view text_line);
  void note_loss(int error_number);

  std::FILE* out_;
  std::FILE* err_;
  OutputOptions options_;
  bool lost_ = false;
};

}  // namespace runpin::cli
