#include "runpin/adapters/aws/xml_root.h"

#include <fmt/format.h>

#include <algorithm>

namespace runpin {
namespace {

bool is_element(const pugi::xml_node& node) {
  return node.type() == pugi::node_element;
}

}  // namespace

Parsed<pugi::xml_node> xml_root(pugi::xml_document& document, ByteView xml) {
  const auto parsed =
      document.load_buffer(xml.data(), xml.size(), pugi::parse_default | pugi::parse_ws_pcdata);
  if (!parsed)
    return flaw(fmt::format("no XML: {} at byte {}", parsed.description(), parsed.offset));
  const auto roots = std::count_if(document.begin(), document.end(), is_element);
  if (roots != 1) return flaw(fmt::format("expected one XML root, found {}", roots));
  return document.document_element();
}

}  // namespace runpin
