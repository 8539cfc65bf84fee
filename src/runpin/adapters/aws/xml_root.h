// The one element that an XML answer is.
#pragma once

#include <pugixml.hpp>

#include "runpin/adapters/aws/parsed.h"
#include "runpin/base/bytes.h"

namespace runpin {

// The root of `xml`, which `document` then holds. Flawed where nothing parses, or where a second
// root stands behind the first.
Parsed<pugi::xml_node> xml_root(pugi::xml_document& document, ByteView xml);

}  // namespace runpin
