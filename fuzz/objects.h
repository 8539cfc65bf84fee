// Several named texts as one input of a fuzzer, which so can change any of them: each stands behind
// a line "=== NAME", the names as in the objects of a store.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/memory_store.h"

namespace runpin::fuzz {

using NamedTexts = std::vector<std::pair<std::string, std::string>>;

// In the order in which they stand; what stands before the first line of the kind has the name "".
NamedTexts named_texts(std::string_view input);

// Of two objects of one name the first counts, as in a store.
void fill(testing::MemoryStore& store, const NamedTexts& objects, const std::string& prefix);

}  // namespace runpin::fuzz
