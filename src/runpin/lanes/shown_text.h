// What facts and blockers hold of a text that people or other programs wrote.
#pragma once

#include <string>
#include <string_view>

namespace runpin {

// `text` itself; "[withheld: RULE]" where it holds a secret, found in the whole of it; its
// beginning and "… (cut: N bytes)" where it is long.
std::string shown_text(std::string_view text);

}  // namespace runpin
