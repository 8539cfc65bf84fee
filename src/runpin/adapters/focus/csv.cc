#include "runpin/adapters/focus/csv.h"

#include <algorithm>

namespace runpin {

CsvReader::CsvReader(std::string_view text, std::string path)
    : text_(text), path_(std::move(path)) {
  constexpr std::string_view k_byte_order_mark = "\xef\xbb\xbf";
  if (text_.starts_with(k_byte_order_mark)) text_.remove_prefix(k_byte_order_mark.size());
}

tl::unexpected<Error> CsvReader::refuse(Position place, std::string message) const {
  return fail(ErrorKind::k_malformed, std::move(message), where(path_, place),
              "export the file again as CSV by RFC 4180");
}

void CsvReader::take_line_feed() {
  ++at_;
  ++line_;
  line_start_ = at_;
}

Result<bool> CsvReader::next(CsvRow& row) {
  row.clear();
  if (at_end()) return false;
  while (true) {
    if (auto read = read_cell(row.emplace_back()); !read) return tl::unexpected(read.error());
    const auto more = take_separator();
    if (!more) return tl::unexpected(more.error());
    if (!*more) return true;
  }
}

Result<void> CsvReader::read_cell(CsvCell& cell) {
  cell.position = position();
  return !at_end() && text_[at_] == '"' ? read_quoted(cell) : read_plain(cell);
}

Result<void> CsvReader::read_quoted(CsvCell& cell) {
  for (++at_; !at_end();) {
    const char c = text_[at_];
    if (c == '"') {
      ++at_;
      if (at_end() || text_[at_] != '"') return {};
    }
    cell.text += c;
    if (c == '\n')
      take_line_feed();
    else
      ++at_;
  }
  return refuse(cell.position, "the cell's quote is never closed");
}

Result<void> CsvReader::read_plain(CsvCell& cell) {
  const std::size_t end = std::min(text_.find_first_of(",\r\n\"", at_), text_.size());
  cell.text = text_.substr(at_, end - at_);
  at_ = end;
  if (!at_end() && text_[at_] == '"')
    return refuse(position(), "a quote within a cell that does not begin with one");
  return {};
}

Result<bool> CsvReader::take_separator() {
  if (at_end()) return false;
  const Position place = position();
  if (text_[at_] == ',') {
    ++at_;
    return true;
  }
  if (text_[at_] == '\r') {
    ++at_;
    if (at_end() || text_[at_] != '\n')
      return refuse(place, "a carriage return without a line feed");
  }
  if (text_[at_] != '\n')
    return refuse(place, "expected a comma or the line's end behind the quote");
  take_line_feed();
  return false;
}

}  // namespace runpin
