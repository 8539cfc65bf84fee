#include "runpin/registry/html_elements.h"

#include <algorithm>

namespace runpin {
namespace {

// Elements that have no content, and so no closing tag.
bool is_void(std::string_view name) {
  constexpr std::string_view k_void[] = {"area",  "base", "br",   "col",    "embed", "hr", "img",
                                         "input", "link", "meta", "source", "track", "wbr"};
  return std::find(std::begin(k_void), std::end(k_void), name) != std::end(k_void);
}

// The letters and digits that `text` begins with, in lower case.
std::string name_at(std::string_view text) {
  std::string name;
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (!upper && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) break;
    name += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return name;
}

}  // namespace

std::string HtmlElements::text_of(std::string_view html) {
  std::string text;
  for (std::size_t at = 0; at < html.size();) {
    if (html[at] != '<') {
      text += html[at++];
      continue;
    }
    const bool comment = html.substr(at).starts_with("<!--");
    const std::size_t closing = html.find(comment ? "-->" : ">", at + (comment ? 2 : 1));
    const std::size_t end =
        closing == std::string_view::npos ? html.size() : closing + (comment ? 3 : 1);
    const std::string_view markup = html.substr(at, end - at);
    if (!comment) read_tag(markup);
    text.append(static_cast<std::size_t>(std::count(markup.begin(), markup.end(), '\n')), '\n');
    at = end;
  }
  return text;
}

void HtmlElements::read_tag(std::string_view tag) {
  const bool closes = tag.starts_with("</");
  const std::string name = name_at(tag.substr(closes ? 2 : 1));
  if (name.empty() || is_void(name)) return;
  if (!closes) {
    ++open_[name];
  } else if (const auto found = open_.find(name); found != open_.end() && --found->second == 0) {
    open_.erase(found);
  }
}

}  // namespace runpin
