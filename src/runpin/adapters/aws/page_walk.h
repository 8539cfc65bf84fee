// The way through the pages of a listing, one token after another, which ends whatever the service
// answers.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <set>

#include "runpin/adapters/aws/parsed.h"

namespace runpin {

// Ten million items of a listing that gives a thousand at once.
inline constexpr std::size_t k_most_pages = 10'000;

template <class Token>
class PageWalk {
 public:
  // Which page to ask for; the first one's token is Token().
  const Token& token() const { return token_; }

  // To the page that the last one named. Flawed when that one was asked for before, and beyond
  // k_most_pages.
  Parsed<void> move_on(Token next) {
    if (!seen_.insert(next).second) return flaw("the listing does not move on");
    if (seen_.size() > k_most_pages)
      return flaw(fmt::format("the listing has more than {} pages", k_most_pages));
    token_ = std::move(next);
    return {};
  }

 private:
  Token token_;
  std::set<Token> seen_{Token()};
};

}  // namespace runpin
