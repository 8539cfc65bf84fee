// Names that a mistyped one may have meant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace runpin::cli {

// At most `limit` of `names`, nearest first, equally near ones in their own order; none that is too
// far to be a slip.
std::vector<std::string> nearest(std::string_view name, const std::vector<std::string>& names,
                                 std::size_t limit);

}  // namespace runpin::cli
