// CSV by RFC 4180, read strictly and with positions. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runpin/base/position.h"
#include "runpin/base/result.h"

namespace runpin {

struct CsvCell {
  std::string text;   // without the quotes around it
  Position position;  // of its first byte, the opening quote included
};

using CsvRow = std::vector<CsvCell>;

// Rows end with CRLF or LF, the last one also with the text. Cells may be quoted; a quoted one
// holds anything, with its quotes doubled. A byte order mark at the start is dropped. An empty line
// is a row of one empty cell. Blanks count. How many cells a row has is the caller's business.
class CsvReader {
 public:
  // `path` only names the text in errors. REQUIRES: `text` outlives this.
  CsvReader(std::string_view text, std::string path);

  // The next row into `row`; false, and `row` empty, behind the last one. k_malformed with
  // path:line:column: a quote within an unquoted cell, anything but a comma or line end behind a
  // closing quote, a quote never closed, a carriage return without its line feed. After an error
  // the reader is not to be used.
  Result<bool> next(CsvRow& row);

 private:
  Result<void> read_cell(CsvCell& cell);
  Result<void> read_quoted(CsvCell& cell);
  Result<void> read_plain(CsvCell& cell);
  // Takes what ends a cell. True when the row goes on.
  Result<bool> take_separator();
  bool at_end() const { return at_ == text_.size(); }
  Position position() const { return {line_, at_ - line_start_ + 1}; }
  void take_line_feed();
  tl::unexpected<Error> refuse(Position place, std::string message) const;

  std::string_view text_;
  std::string path_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t line_start_ = 0;
};

}  // namespace runpin
