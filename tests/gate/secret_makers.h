// One maker a rule and shape: a secret put together from its public prefix and a random body.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/gate/corpus_random.h"

namespace runpin {

// A secret with the text it is recognised in: often only itself.
struct Made {
  std::string text;
  std::string secret;
};
using Maker = std::function<Made(CorpusRandom&)>;

struct RuleMaker {
  std::string rule;
  Maker make;
};

// At least one for every rule of the scan.
std::vector<RuleMaker> secret_makers();

}  // namespace runpin
