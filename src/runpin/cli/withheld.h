// What a person or a log gets to see passes here: secret material that stands in an input by
// accident must not be repeated on a terminal.
#pragma once

#include <string>
#include <string_view>

#include "runpin/canon/json.h"

namespace runpin::cli {

// "[withheld: RULE]"
std::string withheld_by(std::string_view rule);

// `text` where the secret scan finds nothing in it, else what withheld_by() says.
std::string without_secrets(std::string_view text);

// The same of every value in a document, each judged under its name, and of every name.
Json document_without_secrets(const Json& document);

}  // namespace runpin::cli
