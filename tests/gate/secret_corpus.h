// A corpus for the secret scan, made at run time from a seed. No secret stands in any file: each is
// put together from its public prefix and a random body.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace runpin {

struct SecretSample {
  std::string rule;     // the rule that must find it
  std::string context;  // how it is embedded, for messages
  std::string text;
  std::string secret;  // as it stands where it is not wrapped
};

struct HarmlessSample {
  std::string kind;
  std::string text;
};

// `per_rule` samples of every rule, each rule in every context.
std::vector<SecretSample> make_secrets(std::uint32_t seed, int per_rule);

// `count` texts without secrets, of the shapes that runpin and its inputs hold, and of shapes that
// resemble secrets.
std::vector<HarmlessSample> make_harmless(std::uint32_t seed, int count);

}  // namespace runpin
