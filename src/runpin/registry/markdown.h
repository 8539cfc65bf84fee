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

inline constexpr std::size_t k_max_markdown_bytes = std::size_t{16} << 20;

enum class ProseKind {
  k_heading,
  k_paragraph,
  k_other,  // what has no sentences: a code block, a thematic break
  k_list,   // up to its k_end: items
  k_item,   // up to its k_end: whatever an item holds
  k_end,
};

struct ProseSpan {
  std::string text;  // a code span's
  std::size_t line = 1;
};

struct ProsePart {
  ProseKind kind = ProseKind::k_other;
  std::string text;  // of a heading or paragraph, on one line, as it reads
  // It quotes, is struck out in part, shows an image's text or stands within an HTML element: it
  // says something, but not with the author's full voice.
  bool set_apart = false;
  std::vector<std::pair<std::size_t, std::size_t>> lines;  // (index in `text`, line), ascending
  std::vector<ProseSpan> code;                             // the code spans that `text` shows

  // The line of the source that byte `index` of `text` stands on.
  std::size_t line_of(std::size_t index) const;
};

// The document for a reader of sentences and lists, in file order. Comments are left out, and text
// that is struck out by "~" or "~~"; of HTML blocks only the text shows, as a paragraph set apart.
// Total, as markdown_blocks().
std::vector<ProsePart> markdown_prose(const SourceText& source);

// The inlines [begin, end) as plain text on one line, outer blanks dropped.
std::string plain_text(const std::vector<MarkdownInline>& inlines, std::size_t begin);

}  // namespace runpin
