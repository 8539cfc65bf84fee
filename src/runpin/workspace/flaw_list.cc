#include "runpin/workspace/flaw_list.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace runpin {

void FlawList::add_unknown(const toml::key& key, std::string message, std::string fix) {
  add(false, key.source(), std::move(message), std::move(fix));
}

void FlawList::add(const toml::source_region& at, std::string message, std::string fix) {
  add(true, at, std::move(message), std::move(fix));
}

const Error& FlawList::first() const {
  const auto earlier = [](const Flaw& a, const Flaw& b) {
    return std::tie(a.is_known_name, a.position) < std::tie(b.is_known_name, b.position);
  };
  return std::min_element(flaws_.begin(), flaws_.end(), earlier)->error;
}

void FlawList::add(bool is_known_name, const toml::source_region& at, std::string message,
                   std::string fix) {
  const Position position = document_.position(at);
  Error error{ErrorKind::k_config, std::move(message), where(document_.path(), position),
              std::move(fix)};
  flaws_.push_back({is_known_name, position, std::move(error)});
}

}  // namespace runpin
