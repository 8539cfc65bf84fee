// Which HTML elements stand open, so that text that a browser strikes out, hides or sets otherwise
// is known for it.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace runpin {

// Reads a document's HTML, whole blocks or single tags, in file order. Errs towards open: an
// element stays so until its own closing tag, and "<del/>" opens one, as browsers have it.
class HtmlElements {
 public:
  // The text of `html` without tags and comments, its line endings kept.
  std::string text_of(std::string_view html);
  bool any_open() const { return !open_.empty(); }

 private:
  void read_tag(std::string_view tag);  // "<a href=x>", "</a>"

  std::map<std::string, int, std::less<>> open_;  // by name: how many
};

}  // namespace runpin
