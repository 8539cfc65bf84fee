// Finds the code spans of one block again in the source.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runpin/registry/source_text.h"

namespace runpin {

struct LocatedSpan {
  std::string text;  // the content; a NUL of the source, which CommonMark replaces, is a NUL again
  std::vector<std::pair<std::size_t, std::size_t>> stretches;  // as in MarkdownInline
  std::size_t end = 0;                                         // past the closing backticks
};

// Asked for the spans of a block in document order, it goes forward through the source from the
// block's beginning.
class CodeSpanFinder {
 public:
  // `text` ends where the block ends. `quote_depth`: how many block quotes the block stands in,
  // each of which may put a '>' before a line.
  CodeSpanFinder(std::string_view text, std::size_t begin, int quote_depth)
      : text_(text), cursor_(begin), quote_depth_(quote_depth) {}

  // The next code span whose content CommonMark reads as `literal`; nothing when the source shows
  // none.
  std::optional<LocatedSpan> next(std::string_view literal);

  // For a span that next() does not find, as when a tab in front of its second line is content only
  // in part: where `literal` begins if its first word is the next one of that spelling.
  std::size_t place_of_first_word(std::string_view literal) const;

  // Where the next line's own text begins, behind blanks and quote marks; goes forward to it.
  std::size_t next_line();

 private:
  std::optional<LocatedSpan> match(std::size_t opening, std::size_t ticks,
                                   std::string_view content) const;
  // Behind the line ending at `offset` and what of the next line is no content: blanks and quote
  // marks, but not those blanks that `content`, the rest of the span, still has (cmark keeps
  // them on lazy lines).
  std::size_t behind_line_ending(std::size_t offset, std::string_view content) const;

  std::string_view text_;
  std::size_t cursor_;
  int quote_depth_;
};

}  // namespace runpin
