// Changes to an input as fuzzers make them. The same seed gives the same changes on any machine.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace runpin::fuzz {

class Mutation {
 public:
  // Borrows both: what to splice from, and words to write in.
  Mutation(const std::vector<std::string>& corpus, const std::vector<std::string>& words,
           std::uint64_t seed)
      : corpus_(corpus), words_(words), random_(seed) {}

  // One of the corpus, changed at one to six places.
  std::string next();

 private:
  std::size_t below(std::size_t bound);  // 0 where `bound` is
  void change(std::string& text);

  const std::vector<std::string>& corpus_;
  const std::vector<std::string>& words_;
  std::mt19937_64 random_;
};

}  // namespace runpin::fuzz
