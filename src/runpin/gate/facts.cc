#include "runpin/gate/facts.h"

namespace runpin {

Json fact_of(const Error& error) {
  return object({{"error", object({{"kind", name_of(error.kind)},
                                   {"message", error.message},
                                   {"where", error.where},
                                   {"fix", error.fix}})}});
}

Json fact_of(Json value) {
  return object({{"value", std::move(value)}});
}

std::string Fact::fix_or(std::string otherwise) const {
  const std::string& fix = error["fix"].text();
  return fix.empty() || kind() == name_of(ErrorKind::k_not_found) ? otherwise : fix;
}

std::string Fact::failure() const {
  const std::string& place = error["where"].text();
  return place.empty() ? error["message"].text() : place + ": " + error["message"].text();
}

}  // namespace runpin
