#include "fuzz/objects.h"

#include "fuzz/property.h"

namespace runpin::fuzz {

NamedTexts named_texts(std::string_view input) {
  constexpr std::string_view k_heading = "=== ";
  NamedTexts texts{{"", ""}};
  while (!input.empty()) {
    const std::string_view line = take_line(input);
    if (line.starts_with(k_heading))
      texts.emplace_back(line.substr(k_heading.size()), "");
    else
      texts.back().second.append(line).append("\n");
  }
  return texts;
}

void fill(testing::MemoryStore& store, const NamedTexts& objects, const std::string& prefix) {
  for (const auto& [name, text] : objects)
    if (!name.empty()) (void)store.create({ObjectKey(prefix + name), text});
}

}  // namespace runpin::fuzz
