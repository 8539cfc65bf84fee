#include "runpin/registry/markdown.h"

#include <cmark-gfm.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "runpin/registry/code_span_finder.h"
#include "runpin/registry/html_elements.h"

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

bool is_blank(std::string_view text, std::size_t index) {
  return index >= text.size() || text[index] == ' ' || text[index] == '\t';
}

// Takes `ranges` of the text out of `part`; they are ascending and apart.
void cut(ProsePart& part, const std::vector<std::pair<std::size_t, std::size_t>>& ranges) {
  std::string kept;
  std::size_t at = 0;
  for (const auto& [begin, end] : ranges) {
    kept.append(part.text, at, begin - at);
    at = end;
  }
  kept.append(part.text, at);
  part.text = std::move(kept);
  std::size_t gone = 0;
  auto range = ranges.begin();
  for (auto& [index, line] : part.lines) {
    for (; range != ranges.end() && range->second <= index; ++range)
      gone += range->second - range->first;
    index = (range == ranges.end() ? index : std::min(index, range->first)) - gone;
  }
}

// Takes what stands between two runs of as many tildes, one or two, out of `part`, as GitHub
// strikes it out, and sets the part apart.
void drop_struck(ProsePart& part, const std::vector<std::size_t>& tildes) {
  constexpr std::size_t k_none = std::string::npos;
  std::size_t open[3] = {k_none, k_none, k_none};  // by length: where a run opens
  std::vector<std::pair<std::size_t, std::size_t>> struck;
  for (std::size_t i = 0; i < tildes.size();) {
    const std::size_t begin = tildes[i];
    std::size_t end = begin + 1;
    while (++i < tildes.size() && tildes[i] == end) ++end;
    if (end - begin > 2) continue;
    std::size_t& opening = open[end - begin];
    if (opening != k_none && !is_blank(part.text, begin - 1)) {
      const std::size_t from = opening;
      while (!struck.empty() && struck.back().first >= from) struck.pop_back();
      struck.emplace_back(from, end);
      for (std::size_t& other : open)
        if (other != k_none && other >= from) other = k_none;
    } else if (!is_blank(part.text, end)) {
      opening = begin;
    }
  }
  part.set_apart |= !struck.empty();
  cut(part, struck);
}

// Collects the parts of a document from its tree, entered and left node by node.
class ProseWalk {
 public:
  explicit ProseWalk(const SourceText& source) : source_(source) {}

  void enter(cmark_node* node) {
    const cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING) {
      begin(node);
    } else if (type == CMARK_NODE_LIST) {
      add(ProseKind::k_list, node);
    } else if (type == CMARK_NODE_ITEM) {
      add(ProseKind::k_item, node);
    } else if (type == CMARK_NODE_CODE_BLOCK || type == CMARK_NODE_THEMATIC_BREAK) {
      add(ProseKind::k_other, node);
    } else if (type == CMARK_NODE_BLOCK_QUOTE) {
      ++quotes_;
    } else if (type == CMARK_NODE_HTML_BLOCK) {
      add_html(node);
    } else if (finder_) {
      add_inline(type, node);
    }
  }

  void leave(cmark_node* node) {
    const cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING) {
      drop_struck(parts_.back(), tildes_);
      finder_.reset();
    } else if (type == CMARK_NODE_LIST || type == CMARK_NODE_ITEM) {
      add(ProseKind::k_end, node);
    } else if (type == CMARK_NODE_BLOCK_QUOTE) {
      --quotes_;
    } else if (type == CMARK_NODE_IMAGE) {
      --images_;
    }
  }

  std::vector<ProsePart> take() { return std::move(parts_); }

 private:
  std::size_t line_at(std::size_t offset) const { return source_.position(offset).line; }

  ProsePart& add(ProseKind kind, cmark_node* node) {
    ProsePart part;
    part.kind = kind;
    part.set_apart = quotes_ > 0 || html_.any_open();
    part.lines.emplace_back(0, line_at(offset_of(source_, node)));
    parts_.push_back(std::move(part));
    return parts_.back();
  }

  void begin(cmark_node* node) {
    const bool heading = cmark_node_get_type(node) == CMARK_NODE_HEADING;
    add(heading ? ProseKind::k_heading : ProseKind::k_paragraph, node);
    finder_.emplace(up_to_end_of(source_, node), offset_of(source_, node), quotes_);
    tildes_.clear();
  }

  void add_html(cmark_node* node) {
    std::string text = html_.text_of(literal_of(node));
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) return;
    ProsePart& part = add(ProseKind::k_paragraph, node);
    part.set_apart = true;
    std::size_t line = part.lines.front().second;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '\n') continue;
      text[i] = ' ';
      part.lines.emplace_back(i + 1, ++line);
    }
    part.text = std::move(text);
  }

  void add_inline(cmark_node_type type, cmark_node* node) {
    ProsePart& part = parts_.back();
    const std::string_view literal = literal_of(node);
    if (type == CMARK_NODE_IMAGE) {
      ++images_;
      part.set_apart = true;
    } else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK) {
      part.text += ' ';
      part.lines.emplace_back(part.text.size(), line_at(finder_->next_line()));
    } else if (type == CMARK_NODE_HTML_INLINE) {
      html_.text_of(literal);
      for (auto lines = std::count(literal.begin(), literal.end(), '\n'); lines > 0; --lines)
        finder_->next_line();
    } else if (type == CMARK_NODE_CODE) {
      add_code(part, literal);
    } else if (type == CMARK_NODE_TEXT && images_ == 0) {
      for (std::size_t i = literal.find('~'); i < literal.size(); i = literal.find('~', i + 1))
        tildes_.push_back(part.text.size() + i);
      part.text += literal;
      part.set_apart |= html_.any_open();
    }
  }

  void add_code(ProsePart& part, std::string_view literal) {
    const auto span = finder_->next(literal);
    if (images_ > 0) return;
    const std::size_t line =
        span ? line_at(span->stretches.front().second) : part.line_of(part.text.size());
    part.code.push_back({std::string(literal), line});
    part.text += literal;
    part.set_apart |= html_.any_open();
  }

  const SourceText& source_;
  std::vector<ProsePart> parts_;
  std::optional<CodeSpanFinder> finder_;  // within a heading or paragraph
  std::vector<std::size_t> tildes_;       // where the part's text has one, code spans left out
  HtmlElements html_;
  int quotes_ = 0;
  int images_ = 0;
};

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

std::size_t ProsePart::line_of(std::size_t index) const {
  const auto next =
      std::upper_bound(lines.begin(), lines.end(), index,
                       [](std::size_t i, const auto& line) { return i < line.first; });
  return std::prev(next)->second;
}

std::vector<ProsePart> markdown_prose(const SourceText& source) {
  const std::string_view text = source.text();
  const NodePtr document(cmark_parse_document(text.data(), text.size(), CMARK_OPT_DEFAULT),
                         &cmark_node_free);
  const IterPtr iter(cmark_iter_new(document.get()), &cmark_iter_free);
  ProseWalk walk(source);
  for (auto event = cmark_iter_next(iter.get()); event != CMARK_EVENT_DONE;
       event = cmark_iter_next(iter.get())) {
    cmark_node* node = cmark_iter_get_node(iter.get());
    if (event == CMARK_EVENT_ENTER)
      walk.enter(node);
    else
      walk.leave(node);
  }
  return walk.take();
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
