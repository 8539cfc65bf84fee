// The registry's markdown as the handle grammar needs it: blocks with their inlines flattened, and
// for every code span the place of each of its bytes in the source. CommonMark by cmark-gfm, whose
// own inline positions are wrong after a link definition, a code span over two lines or a quoted
// line, and so are found again in the source.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "runpin/registry/source_text.h"

namespace runpin {

enum class InlineKind {
  k_text,   // emphasis, links and images count as the text within them, HTML tags as nothing
  k_code,   // a code span, its content as CommonMark reads it: a line ending is one space
  k_break,  // a line ending
};

struct MarkdownInline {
  InlineKind kind = InlineKind::k_text;
  std::string text;  // "" for a break
  // Code spans, and texts that begin a line: (index in `text`, offset in the source) where a
  // stretch of bytes without a gap begins, ascending, never empty.
  std::vector<std::pair<std::size_t, std::size_t>> stretches;

  // Where byte `index` of `text` stands in the source; the beginning of its line for other texts.
  std::size_t source_offset(std::size_t index) const;
};

enum class BlockKind {
  k_item_head,      // the paragraph that begins a list item
  k_prose,          // any other paragraph or heading
  k_indented_code,  // code by four blanks, which is often an accident
  k_verbatim,       // a fenced code block or HTML
};

struct MarkdownBlock {
  BlockKind kind = BlockKind::k_prose;
  std::size_t offset = 0;  // of its first byte
  bool begins_with_code =
      false;  // the very first inline is a code span, not one within emphasis or a link
  std::vector<MarkdownInline> inlines;  // none for code and HTML blocks
  std::size_t first_line = 1;           // CommonMark lines of its content
  std::size_t last_line = 0;
};

// Every block that can hold a handle line, in file order. Total: any UTF-8 text up to
// k_max_markdown_bytes is a document.
std::vector<MarkdownBlock> markdown_blocks(const SourceText& source);

inline constexpr std::size_t k_max_markdown_bytes = std::size_t{64} << 20;

// The inlines [begin, end) as plain text on one line, outer blanks dropped.
std::string plain_text(const std::vector<MarkdownInline>& inlines, std::size_t begin);

}  // namespace runpin
