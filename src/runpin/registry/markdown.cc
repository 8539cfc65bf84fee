#include "runpin/registry/markdown.h"

#include <cmark-gfm.h>

#include <algorithm>
#include <memory>

#include "runpin/registry/code_span_finder.h"

namespace runpin {
namespace {

using NodePtr = std::unique_ptr<cmark_node, decltype(&cmark_node_free)>;
using IterPtr = std::unique_ptr<cmark_iter, decltype(&cmark_iter_free)>;

std::string_view literal_of(cmark_node* node) {
  const char* literal = cmark_node_get_literal(node);
  return literal == nullptr ? std::string_view{} : literal;
}

int quote_depth_of(cmark_node* node) {
  int depth = 0;
  for (cmark_node* up = node; up != nullptr; up = cmark_node_parent(up)) {
    if (cmark_node_get_type(up) == CMARK_NODE_BLOCK_QUOTE) ++depth;
  }
  return depth;
}

std::size_t offset_of(const SourceText& source, cmark_node* node) {
  const int line = std::max(cmark_node_get_start_line(node), 1);
  const int column = std::max(cmark_node_get_start_column(node), 1);
  const auto at = source.line_begin(static_cast<std::size_t>(line));
  return std::min(at + static_cast<std::size_t>(column) - 1, source.text().size());
}

std::string_view up_to_end_of(const SourceText& source, cmark_node* node) {
  const int last = std::max(cmark_node_get_start_line(node), cmark_node_get_end_line(node));
  return source.text().substr(0, source.line_end(static_cast<std::size_t>(std::max(last, 1))));
}

// Collects the inlines of one paragraph or heading.
class InlineWalk {
 public:
  InlineWalk(std::string_view text, std::size_t begin, int quote_depth)
      : finder_(text, begin, quote_depth), line_offset_(begin) {}

  void visit(cmark_node* node) {
    const cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_TEXT) {
      add_text(literal_of(node));
    } else if (type == CMARK_NODE_CODE) {
      add_code(literal_of(node));
    } else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK) {
      line_offset_ = finder_.next_line();
      inlines_.push_back({InlineKind::k_break, "", {{0, line_offset_}}});
    }
  }

  std::vector<MarkdownInline> take() { return std::move(inlines_); }

 private:
  void add_text(std::string_view text) {
    if (!inlines_.empty() && inlines_.back().kind == InlineKind::k_text) {
      inlines_.back().text += text;
    } else {
      inlines_.push_back({InlineKind::k_text, std::string(text), {{0, line_offset_}}});
    }
  }

  void add_code(std::string_view literal) {
    auto span = finder_.next(literal);
    if (span) {
      inlines_.push_back({InlineKind::k_code, std::move(span->text), std::move(span->stretches)});
    } else {
      inlines_.push_back(
          {InlineKind::k_code, std::string(literal), {{0, finder_.place_of_first_word(literal)}}});
    }
  }

  CodeSpanFinder finder_;
  std::size_t line_offset_;
  std::vector<MarkdownInline> inlines_;
};

MarkdownBlock prose_block(const SourceText& source, cmark_node* node) {
  MarkdownBlock block;
  cmark_node* parent = cmark_node_parent(node);
  const bool heads_item = cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH && parent != nullptr &&
                          cmark_node_get_type(parent) == CMARK_NODE_ITEM &&
                          cmark_node_first_child(parent) == node;
  block.kind = heads_item ? BlockKind::k_item_head : BlockKind::k_prose;
  block.offset = offset_of(source, node);
  cmark_node* first = cmark_node_first_child(node);
  block.begins_with_code = first != nullptr && cmark_node_get_type(first) == CMARK_NODE_CODE;

  InlineWalk walk(up_to_end_of(source, node), block.offset, quote_depth_of(node));
  const IterPtr iter(cmark_iter_new(node), &cmark_iter_free);
  for (auto event = cmark_iter_next(iter.get()); event != CMARK_EVENT_DONE;
       event = cmark_iter_next(iter.get())) {
    if (event == CMARK_EVENT_ENTER) walk.visit(cmark_iter_get_node(iter.get()));
  }
  block.inlines = walk.take();
  return block;
}

MarkdownBlock literal_block(const SourceText& source, cmark_node* node) {
  MarkdownBlock block;
  int length = 0, offset = 0;
  char character = 0;
  const bool is_code = cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK;
  const bool fenced = is_code && cmark_node_get_fenced(node, &length, &offset, &character) != 0;
  block.kind = is_code && !fenced ? BlockKind::k_indented_code : BlockKind::k_verbatim;
  block.offset = offset_of(source, node);
  const std::string_view literal = literal_of(node);
  const auto lines = std::count(literal.begin(), literal.end(), '\n');
  const int start = std::max(cmark_node_get_start_line(node), 1);
  block.first_line = static_cast<std::size_t>(start) + (fenced ? 1 : 0);
  block.last_line = block.first_line + static_cast<std::size_t>(lines) - 1;
  return block;
}

}  // namespace

std::size_t MarkdownInline::source_offset(std::size_t index) const {
  const auto next =
      std::upper_bound(stretches.begin(), stretches.end(), index,
                       [](std::size_t i, const auto& stretch) { return i < stretch.first; });
  const auto& [from, offset] = *std::prev(next);
  return kind == InlineKind::k_code ? offset + (index - from) : offset;
}

std::vector<MarkdownBlock> markdown_blocks(const SourceText& source) {
  const std::string_view text = source.text();
  const NodePtr document(cmark_parse_document(text.data(), text.size(), CMARK_OPT_DEFAULT),
                         &cmark_node_free);
  const IterPtr iter(cmark_iter_new(document.get()), &cmark_iter_free);
  std::vector<MarkdownBlock> blocks;
  for (auto event = cmark_iter_next(iter.get()); event != CMARK_EVENT_DONE;
       event = cmark_iter_next(iter.get())) {
    cmark_node* node = cmark_iter_get_node(iter.get());
    const cmark_node_type type = cmark_node_get_type(node);
    if (event != CMARK_EVENT_ENTER) continue;
    if (type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING) {
      blocks.push_back(prose_block(source, node));
    } else if (type == CMARK_NODE_CODE_BLOCK || type == CMARK_NODE_HTML_BLOCK) {
      blocks.push_back(literal_block(source, node));
    }
  }
  return blocks;
}

std::string plain_text(const std::vector<MarkdownInline>& inlines, std::size_t begin) {
  std::string text;
  for (std::size_t i = begin; i < inlines.size(); ++i) {
    text += inlines[i].kind == InlineKind::k_break ? " " : inlines[i].text;
  }
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace runpin
