#include "runpin/adapters/focus/csv.h"

namespace runpin {
namespace {

bool ends_plain_cell(char c) {
  return c == ',' || c == '\n' || c == '\r' || c == '"';
}

}  // namespace

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

// The cells of the row before are filled again, so that a long file costs no memory per row.
Result<bool> CsvReader::next(CsvRow& row) {
  std::size_t cells = 0;
  for (bool more = !at_end(); more;) {
    if (cells == row.size()) row.emplace_back();
    if (auto read = read_cell(row[cells++]); !read) return tl::unexpected(read.error());
    const auto separated = take_separator();
    if (!separated) return tl::unexpected(separated.error());
    more = *separated;
  }
  row.resize(cells);
  return cells > 0;
}

Result<void> CsvReader::read_cell(CsvCell& cell) {
  cell.position = position();
  return !at_end() && text_[at_] == '"' ? read_quoted(cell) : read_plain(cell);
}

Result<void> CsvReader::read_quoted(CsvCell& cell) {
  cell.text.clear();
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
  std::size_t end = at_;
  while (end < text_.size() && !ends_plain_cell(text_[end])) ++end;
  cell.text.assign(text_.substr(at_, end - at_));
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
