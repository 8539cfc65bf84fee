#include "runpin/registry/handle_reader.h"

#include <charconv>

#include "runpin/canon/json_reader.h"
#include "runpin/registry/handle_line.h"
#include "runpin/registry/markdown.h"

namespace runpin {
namespace {

constexpr std::string_view k_form =
    "write * `KEY = VALUE`, VALUE being JSON (a string in double quotes, a number, true, false, a "
    "list or a map) or "
    "the name of another handle";

// The column of "path:1:column", as an index.
std::size_t index_of_flaw(const std::string& where) {
  std::size_t column = 1;
  const auto colon = where.rfind(':');
  if (colon != std::string::npos)
    std::from_chars(where.data() + colon + 1, where.data() + where.size(), column);
  return column - 1;
}

class HandleReader {
 public:
  explicit HandleReader(std::string_view text) : source_(text) {}

  HandlePlaces read() {
    for (const MarkdownBlock& block : markdown_blocks(source_)) read_block(block);
    return std::move(places_);
  }

 private:
  void read_block(const MarkdownBlock& block) {
    if (block.kind == BlockKind::k_indented_code || block.kind == BlockKind::k_verbatim) {
      read_verbatim(block);
      return;
    }
    const bool head = block.kind == BlockKind::k_item_head && block.begins_with_code;
    if (head) read_head(block);
    for (std::size_t i = head ? 1 : 0; i < block.inlines.size(); ++i) {
      const bool begins_line = i == 0 || block.inlines[i - 1].kind == InlineKind::k_break;
      if (block.inlines[i].kind == InlineKind::k_code) {
        read_misplaced(block.inlines[i]);
      } else if (begins_line && block.inlines[i].kind == InlineKind::k_text) {
        read_text_line(block, i);
      }
    }
  }

  // A list item that begins with a code span.
  void read_head(const MarkdownBlock& block) {
    const MarkdownInline& span = block.inlines.front();
    if (const auto pin = read_pin(span.text)) {
      add_pin(span, *pin, plain_text(block.inlines, 1));
      return;
    }
    const std::string rest = plain_text(block.inlines, 1);
    if (const auto suspect = suspect_behind_span(span.text, rest)) {
      add_suspect(*suspect, span);
    } else if (const auto key = read_bare_key(span.text)) {
      const auto index = static_cast<std::size_t>(key->data() - span.text.data());
      add_mention(*key, position(span, index), rest);
    } else if (const auto odd = suspect_in_span(span.text)) {
      add_suspect(*odd, span);
    }
  }

  void add_pin(const MarkdownInline& span, const PinText& text, std::string note) {
    Pin pin;
    pin.key = std::string(text.key);
    pin.note = std::move(note);
    pin.key_position = position(span, text.key_index);
    pin.value_position = position(span, text.value_index);
    if (is_handle_name(text.value) && text.value != k_to_pin_word) {
      pin.alias_of = std::string(text.value);
    } else if (text.value == k_to_pin_word) {
      pin.literal = Json(text.value);
    } else if (auto value = read_json(text.value, "")) {
      pin.literal = std::move(*value);
    } else {
      pin.is_malformed = true;
      const std::size_t flaw = text.value_index + index_of_flaw(value.error().where);
      malformed(
          pin.key, position(span, flaw),
          pin.key + ": its value is neither JSON nor a handle's name: " + value.error().message);
    }
    places_.pins.push_back(std::move(pin));
  }

  // A place that names `key` but gives it no value.
  Pin& add_mention(std::string_view key, Position at, std::string note = {}) {
    Pin pin;
    pin.key = std::string(key);
    pin.note = std::move(note);
    pin.key_position = pin.value_position = at;
    return places_.pins.emplace_back(std::move(pin));
  }

  // A code span that does not begin a list item.
  void read_misplaced(const MarkdownInline& span) {
    const auto pin = read_pin(span.text);
    if (!pin) return;
    const std::string key(pin->key);
    const Position at = position(span, pin->key_index);
    add_mention(key, at).is_malformed = true;
    places_.malformed.insert(key);
    report(
        "misplaced", FindingLevel::k_error, key,
        key + ": expected its `KEY = VALUE` to begin a list item, found it elsewhere in the text",
        at, "give it a list item of its own, or leave out \" = \" where it is only mentioned");
  }

  void read_text_line(const MarkdownBlock& block, std::size_t begin) {
    std::string line;
    for (std::size_t i = begin;
         i < block.inlines.size() && block.inlines[i].kind != InlineKind::k_break; ++i) {
      line += block.inlines[i].text;
    }
    if (const auto suspect = suspect_in_text(line)) add_suspect(*suspect, block.inlines[begin]);
  }

  // Handle lines within code or HTML are never read; the reader of the findings is told so.
  void read_verbatim(const MarkdownBlock& block) {
    for (std::size_t line = block.first_line; line <= block.last_line; ++line) {
      const std::size_t begin = source_.line_begin(line);
      const std::size_t end = source_.line_end(line);
      const auto key = pin_in_verbatim_line(source_.text().substr(begin, end - begin));
      if (!key) continue;
      const auto at =
          source_.position(static_cast<std::size_t>(key->data() - source_.text().data()));
      if (block.kind == BlockKind::k_indented_code) {
        const std::string name(*key);
        add_mention(name, at).is_malformed = true;
        malformed(
            name, at,
            name + ": expected a list item, found a line indented so far that it is a code block",
            "indent the line by less than four blanks, or as far as the list that it belongs to");
      } else {
        report(
            "not-read", FindingLevel::k_note, std::string(*key),
            std::string(*key) + ": this line stands in a code block or in HTML, so it pins nothing",
            at, "move it out when it should pin the handle");
      }
    }
  }

  // In a code span every byte has its place; in a line of text markup may run through the key,
  // which then is none.
  void add_suspect(Suspect suspect, const MarkdownInline& begin) {
    Position at = position(begin, suspect.key_index);
    if (begin.kind != InlineKind::k_code) {
      const std::size_t line = begin.source_offset(0);
      const std::size_t ending = source_.text().find_first_of("\r\n", line);
      const std::size_t key = source_.text().substr(0, ending).find(suspect.key, line);
      if (key == std::string_view::npos) suspect.key.clear();
      at = source_.position(key == std::string_view::npos ? line : key);
    }
    if (is_handle_name(suspect.key)) add_mention(suspect.key, at).is_malformed = true;
    const std::string subject = suspect.key.empty() ? "" : suspect.key + ": ";
    malformed(suspect.key, at, subject + "expected `KEY = VALUE`, found " + suspect.flaw);
  }

  Position position(const MarkdownInline& span, std::size_t index) const {
    return source_.position(span.source_offset(index));
  }

  void malformed(const std::string& key, Position at, std::string message,
                 std::string fix = std::string(k_form)) {
    if (is_handle_name(key)) places_.malformed.insert(key);
    report("malformed", FindingLevel::k_error, key, std::move(message), at, std::move(fix));
  }

  void report(std::string rule, FindingLevel level, std::string key, std::string message,
              Position at, std::string fix) {
    places_.findings.push_back(
        {std::move(rule), level, std::move(key), std::move(message), at, std::move(fix)});
  }

  SourceText source_;
  HandlePlaces places_;
};

}  // namespace

HandlePlaces read_handles(std::string_view text) {
  return HandleReader(text).read();
}

}  // namespace runpin
